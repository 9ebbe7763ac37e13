/*
 * The pages of a site's settings; see settings.h.  Who may see what of them
 * the directory knows; what is defined, and what was changed, a query thread
 * reads.  Loop thread.
 */

#include "serve/settings.h"

#include <glib.h>

#include "access/form.h"
#include "dashboard/defined.h"
#include "dashboard/settings.h"
#include "serve/pages.h"
#include "serve/reply.h"

static const struct {
    const char *path, *template, *verb;
} pages[] = {
    [GL_SETTINGS_SITE] = {"", "settings", "site.defined"},
    [GL_SETTINGS_COLLECTION] = {"/collection", "collection", "site.show"},
    [GL_SETTINGS_REPORTS] = {"/reports", "reports", "site.defined"},
    [GL_SETTINGS_CHANGES] = {"/changes", "changes", "site.audit"},
};

enum gl_settings_who
gl_settings_who(const struct gl_paths *paths,
                const struct gl_meta_person *person,
                const struct gl_meta_site *site)
{
    struct gl_directory *directory = paths->access.directory;
    struct gl_meta_site all = *site;

    all.id = 0; /* what the account alone gives */
    if (gl_directory_role(directory, person->id, &all) == GL_ROLE_OWNER)
        return GL_SETTINGS_OWNER_OF_ALL;
    return gl_directory_role(directory, person->id, site) == GL_ROLE_OWNER
               ? GL_SETTINGS_OWNER
               : GL_SETTINGS_EDITOR;
}

char *
gl_settings_path(const struct gl_meta_site *site, enum gl_settings_page page)
{
    g_autofree char *coded = g_uri_escape_string(site->domain, NULL, FALSE);
    char *path =
        g_strdup_printf("/glinto/%s/settings%s", coded, pages[page].path);

    return path;
}

struct gl_settings_shown
gl_settings_shown(struct gl_paths *paths,
                  const struct gl_path_request *request,
                  enum gl_settings_page page)
{
    return (struct gl_settings_shown){.paths = paths,
                                      .req = request->req,
                                      .asker = *request->asker,
                                      .person = *request->person,
                                      .site = *request->site,
                                      .page = page,
                                      .status = 200};
}

/* All but what a query thread reads. */
static json_t *
view_of(const struct gl_settings_shown *shown)
{
    struct gl_directory *directory = shown->paths->access.directory;
    enum gl_settings_who who =
        gl_settings_who(shown->paths, &shown->person, &shown->site);
    char token[GL_SECRET_LEN + 1];
    const struct gl_settings_by by = {.person = shown->person.id,
                                      .token = token,
                                      .host = shown->asker.host,
                                      .owns = who >= GL_SETTINGS_OWNER,
                                      .owns_all =
                                          who == GL_SETTINGS_OWNER_OF_ALL};
    const struct gl_version *version = gl_directory_enter(directory);
    const struct gl_meta_site *now =
        gl_version_site_id(version, shown->site.id);

    gl_reply_speak(shown->req);
    gl_form_token(&shown->paths->access, &shown->asker, &shown->person, token);
    json_t *view =
        gl_settings_view(version, now == NULL ? &shown->site : now, &by);
    gl_directory_leave(directory);
    if (shown->fault != NULL)
        json_object_set_new(view, "fault", json_string(shown->fault));
    if (shown->told != NULL)
        json_object_set(view, "told", shown->told);
    return view;
}

/* Of "changes" a page at a time: from where the address says. */
static json_t *
args_of(const struct gl_settings_shown *shown)
{
    json_t *args = json_pack("{s:s}", "domain", shown->site.domain);
    const char *query =
        evhttp_uri_get_query(evhttp_request_get_evhttp_uri(shown->req));

    if (shown->page != GL_SETTINGS_CHANGES)
        return args;
    json_object_set_new(
        args, "all",
        json_boolean(
            gl_settings_who(shown->paths, &shown->person, &shown->site) ==
            GL_SETTINGS_OWNER_OF_ALL));
    if (query != NULL && g_str_has_prefix(query, "before="))
        json_object_set_new(args, "before",
                            json_integer(g_ascii_strtoll(
                                query + strlen("before="), NULL, 10)));
    return args;
}

static void
free_shown(struct gl_settings_shown *shown)
{
    g_free((char *) (uintptr_t) shown->fault);
    json_decref(shown->told);
    g_free(shown);
}

static void
on_read(void *arg, int status, const char *answer)
{
    struct gl_settings_shown *shown = arg;
    json_auto_t *json = NULL;

    if (status == GL_ASK_GONE) {
        free_shown(shown);
        return;
    }
    json =
        status == 200 && answer != NULL ? json_loads(answer, 0, NULL) : NULL;
    if (json == NULL && shown->page != GL_SETTINGS_SITE) {
        gl_pages_error(shown->req, 503, "This cannot be read just now.");
        free_shown(shown);
        return;
    }
    json_t *view = view_of(shown);
    if (shown->page == GL_SETTINGS_CHANGES)
        gl_audit_view(json, shown->site.timezone, view);
    else if (shown->page == GL_SETTINGS_COLLECTION)
        gl_collection_view(json, view);
    else
        gl_defined_view(json, view);
    gl_pages_form(shown->req, shown->status, pages[shown->page].template,
                  view);
    free_shown(shown);
}

void
gl_settings_show(const struct gl_settings_shown *given)
{
    struct gl_settings_shown *shown = g_memdup2(given, sizeof *given);

    shown->fault = g_strdup(given->fault);
    gl_ask(shown->paths->asks, shown->req, pages[shown->page].verb,
           args_of(shown), NULL, 0, "page", on_read, shown);
}

/* ---- paths ---- */

static void
show(struct gl_paths *paths, const struct gl_path_request *request,
     enum gl_settings_page page)
{
    const struct gl_settings_shown shown =
        gl_settings_shown(paths, request, page);

    gl_settings_show(&shown);
}

void
gl_path_settings_page_(struct gl_paths *paths,
                       const struct gl_path_request *request)
{
    show(paths, request, GL_SETTINGS_SITE);
}

void
gl_path_reports_page_(struct gl_paths *paths,
                      const struct gl_path_request *request)
{
    show(paths, request, GL_SETTINGS_REPORTS);
}

void
gl_path_changes_page_(struct gl_paths *paths,
                      const struct gl_path_request *request)
{
    show(paths, request, GL_SETTINGS_CHANGES);
}

void
gl_path_collection_page_(struct gl_paths *paths,
                         const struct gl_path_request *request)
{
    show(paths, request, GL_SETTINGS_COLLECTION);
}
