/*
 * What the administrator can ask of the ingest thread: verb, arguments (JSON
 * object), answer.  POST /v1/<noun>/<verb> on the admin socket passes the body
 * as arguments; the glinto command is a thin client of the same table.
 *
 *   account.add    {name}                           {account}
 *   account.list   {}                               {accounts: [account]}
 *   account.remove {name}                           {} (refused with sites)
 *   site.add       {domain, account?="default", timezone?="UTC",
 *                   public?=false}                  {site}
 *   site.list      {account?}                       {sites: [site]}
 *   site.get       {domain}                         {site}
 *   site.remove    {domain}                         {}
 *   site.move      {domain, account}                {site}
 *   site.set       {domain, key, value}             {site}
 *                  keys: timezone, public, refresh_window (seconds), optout,
 *                  hosts (comma list)
 *                  add, get, move, set and remove: note?, a sentence, while
 *                  the sites file cannot be written
 *   token.create   {account?="default", name?}      {token, id} (shown once)
 *   token.list     {account?}                       {tokens: [...]}
 *   token.revoke   {id}                             {}
 *   live.get       {site}                           the live object
 *   status         {}                               numbers of every room,
 *                                                   and conditions
 *   health         {}                               {healthy, conditions};
 *                  status 200; 507 when storage fails, 503 when something
 *                  else asks for an operator
 *   import.start   {site, hash, bytes, format: "events"}
 *                                                   {offset, lines, done}
 *   import.chunk   {hash, offset, site} + body of whole lines
 *                                                   {offset, lines}
 *   import.finish  {hash, site}                     {lines, visits}
 *
 *   backup.start   {dir}                            {id}
 *   check.start    {}                               {id}
 *   backup.status, check.status {id}                {running, files,
 *                   files_done, bytes, bytes_done, error?,
 *                   faults: [{file, fault}]}
 *                  Until it is done no site and no account is added,
 *                  moved or removed (409).
 *
 *   account = {id, name, sites, created}
 *   site    = {id, domain, account, timezone, public, refresh_window, optout,
 *              hosts, created}
 *   live    = {site, at, visitors, pageviews_30m: [30],
 *              today: {visitors, visits, pageviews}, conditions}
 *              each number is null while the storage tells none
 *   conditions = [{kind, since, until?, count?, at_least?, text}], by weight
 *              (live/condition.h); in status and health with account? (its
 *              name) and advice
 */

#ifndef GL_VERBS_H
#define GL_VERBS_H

#include "writer/writer.h"

#define GL_IMPORT_CHUNK_MAX (4 * 1024 * 1024) /* bytes of one import.chunk */

/* The live object as JSON; the caller owns it. */
json_t *gl_live_json(const struct gl_live *live);

/* Run CALL and give its answer, or keep it until its work is done. */
void gl_ingest_call_(struct gl_ingest *in, struct gl_call *call);
/* VERB changes nothing: it is answered while a backlog is read. */
int gl_ingest_reads_(const char *verb);

#endif
