/*
 * The AI loop: what assistants and crawlers of AI fetched, what they were
 * served, and how many people came from them.  Query thread.
 */

#ifndef GL_ANSWER_AI_H
#define GL_ANSWER_AI_H

#include <jansson.h>
#include <stdint.h>

struct gl_asking;

/*
 * Of the UTC days FIRST to LAST of the site that ASKING is open on (SITE, its
 * id; DOMAIN), pages at most LIMIT:
 *
 *     {from, to,
 *      bots: [{operator, bot, identity, views, refused, missing, failed},
 *             ...],
 *      pages: [{page, operator, bot, identity, views, refused, missing,
 *               failed}, ...],
 *      people: [{source, operator, visitors, visits}, ...]}
 *
 * Bots are those of pages served (glinto on); people those whose channel is AI
 * Assistants, in the zone of the site.  identity is "claimed": nobody but the
 * agent says whose it is.  200, or a status with a sentence in *ANSWER.
 */
int gl_ai_answer(const struct gl_asking *asking, int64_t site,
                 const char *domain, int64_t first, int64_t last, int limit,
                 json_t **answer);

#endif
