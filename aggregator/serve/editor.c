/* Who may change a site, looks at its page; see editor.h. */

#include "serve/editor.h"

#include "access/form.h"
#include "serve/reply.h"

json_t *
gl_editor_by(const struct gl_paths *paths, struct evhttp_request *req,
             const struct gl_meta_site *site)
{
    const struct gl_asker asker = gl_reply_asker(req, paths->access.conf);
    char token[GL_SECRET_LEN + 1];
    struct gl_meta_person person;
    struct gl_meta_site found;
    const char *sentence;

    if (gl_access_check(&paths->access, GL_ACCESS_EDIT, &asker, site->domain,
                        &found, &sentence) != 200 ||
        !gl_access_person(&paths->access, &asker, &person))
        return NULL;
    gl_form_token(&paths->access, &asker, &person, token);
    return json_pack("{s:{s:s}}", "settings", "token", token);
}
