"""Who may do what at the desk: the one table that tests/admin/test_permission_matrix.py holds the site to."""

from typing import NamedTuple

from resources.models.revisions import subject_model

APPS = ("auth", "participation", "reading", "resources", "search")
NOBODY, BARE = "anónima", "sin grupo"
EDITING, PUBLISHING, LEADING, SUPERUSER = "Edición", "Publicación", "Jefatura", "superusuario"
ROLES = (NOBODY, BARE, EDITING, PUBLISHING, LEADING, SUPERUSER)

none: frozenset[str] = frozenset()
root = frozenset({SUPERUSER})
lead = root | {LEADING}
publish = lead | {PUBLISHING}
edit = publish | {EDITING}
staff = edit | {BARE}
anyone = staff | {NOBODY}
WRONG = None
"""The method is not one of the address's."""


class Who(NamedTuple):
    """Who may read an address and who may send something to it."""

    get: frozenset[str] | None
    post: frozenset[str] | None


DRAFTS = {
    "changelist": Who(edit, edit),
    "add": Who(edit, edit),
    "change": Who(edit, edit),
    "delete": Who(edit, edit),
    "history": Who(edit, edit),
    "revert": Who(WRONG, edit),
    "restore": Who(WRONG, edit),
    "duplicate": Who(WRONG, edit),
    "preview": Who(edit, edit),
    "withdraw": Who(publish, publish),
    "withhold": Who(publish, publish),
    "take_up": Who(edit, edit),
    "autosave": Who(staff, edit),  # GET gives a fresh token only
    "autosave_new": Who(staff, edit),
}
"""The pages of a kind, about a draft."""

PUBLIC = DRAFTS | {
    "change": Who(edit, publish),
    "delete": Who(publish, publish),
    "revert": Who(WRONG, publish),
    "restore": Who(WRONG, publish),
    "preview": Who(publish, publish),
    "take_up": Who(publish, publish),
    "autosave": Who(staff, publish),
}
"""The pages of a kind, about what is published."""

SHELVES = {
    "tag": (edit, publish),  # see SHARED, too
    "organization": (edit, publish),
    "section": (publish, publish),
    "page": (publish, publish),
    "synonym": (publish, publish),
}
"""Model → who may add and change, who may delete."""

SHARED = ("tag", "organization")
"""Models whose rows show on resources: one that a public resource shows is changed by whoever publishes."""

SHARED_PAGES = {
    "draft": {
        "change": Who(edit, edit),
        "history": Who(edit, edit),
        "delete": Who(publish, publish),
        "revert": Who(WRONG, edit),
    },
    "public": {
        "change": Who(edit, publish),
        "history": Who(edit, edit),
        "delete": Who(publish, publish),
        "revert": Who(WRONG, publish),
    },
}
"""The pages of such a row, by what shows it."""

REST = {
    "index": Who(staff, staff),
    "login": Who(anyone, anyone),
    "logout": Who(WRONG, anyone),
    "password_change": Who(staff, staff),
    "password_change_done": Who(staff, WRONG),
    "jsi18n": Who(staff, WRONG),
    "manual": Who(staff, staff),
    "manual-picture": Who(staff, staff),
    "autocomplete": Who(edit, WRONG),
    "view_on_site": Who(staff, staff),  # an address only: what stands there asks for itself
    "app_list": Who(edit, edit),
    "resources_resource_changelist": Who(edit, edit),
    "resources_resource_add": Who(edit, edit),
    "resources_resource_change": Who(edit, edit),
    "resources_resource_delete": Who(edit, edit),
    "resources_resource_history": Who(edit, edit),
    "resources_resource_restore": Who(WRONG, edit),
    "resources_resource_export": Who(edit, WRONG),
    "resources_resource_intake": Who(edit, edit),
    "resources_resource_twin": Who(
        edit, none
    ),  # without naming a twin: tests/admin/test_drop_zone.py
    "resources_resource_kind": Who(WRONG, edit),
    "resources_resource_import": Who(edit, edit),
    "resources_resource_dry_run": Who(edit, edit),
    "resources_resource_faults": Who(edit, WRONG),
    "resources_section_move": Who(WRONG, publish),
    "resources_section_order": Who(publish, publish),
    "resources_sitesettings_changelist": Who(staff, staff),  # leads on to the one row
    "resources_sitesettings_add": Who(none, none),
    "resources_sitesettings_change": Who(publish, publish),
    "resources_sitesettings_delete": Who(none, none),
    "resources_sitesettings_history": Who(publish, publish),
    "resources_sitesettings_revert": Who(WRONG, publish),
    "resources_sitesettings_undelete": Who(WRONG, none),
    "resources_redirect_changelist": Who(publish, publish),
    "resources_redirect_add": Who(none, none),
    "resources_redirect_change": Who(publish, none),
    "resources_redirect_delete": Who(none, none),
    "resources_redirect_history": Who(publish, publish),
    "resources_link_changelist": Who(edit, edit),
    "resources_link_add": Who(none, none),
    "resources_link_change": Who(edit, edit),  # leads to the list
    "resources_link_delete": Who(none, none),
    "resources_link_history": Who(edit, edit),
    "resources_link_works": Who(WRONG, edit),
    "participation_ticket_changelist": Who(edit, edit),
    "participation_ticket_add": Who(none, none),
    "participation_ticket_change": Who(edit, edit),
    "participation_ticket_delete": Who(none, none),
    "participation_ticket_history": Who(edit, edit),
    "reading_reading_changelist": Who(edit, edit),
    "reading_reading_add": Who(none, none),
    "reading_reading_change": Who(
        edit, edit
    ),  # shows; what its buttons do has an address of its own
    "reading_reading_delete": Who(none, none),
    "reading_reading_history": Who(edit, edit),
    "reading_reading_page": Who(edit, publish),  # of a public resource
    "reading_reading_act": Who(WRONG, publish),
    "auth_user_changelist": Who(lead, lead),
    "auth_user_add": Who(lead, lead),
    "auth_user_change": Who(lead, lead),
    "auth_user_delete": Who(root, root),
    "auth_user_history": Who(lead, lead),
    "auth_user_password_change": Who(lead, lead),
    "auth_group_changelist": Who(lead, lead),
    "auth_group_add": Who(lead, lead),
    "auth_group_change": Who(lead, lead),
    "auth_group_delete": Who(lead, lead),
    "auth_group_history": Who(lead, lead),
}

STEPS = {
    "set_section": (edit, publish),
    "set_tags": (edit, publish),
    "set_review": (edit, publish),
    "submit": (edit, none),
    "publish": (publish, none),
    "withdraw": (none, publish),
    "move_to_trash": (edit, publish),
    "take_out_of_bin": (edit, publish),
    "mark_as_verified": (edit, publish),
    "export_csv": (edit, edit),
    "export_xlsx": (edit, edit),
}
"""Step with many → who may take it with a draft, who with what is published."""

MATTERS = {
    "infographic": ("draft",),
    "document": ("public",),
    "legalinstrument": ("draft", "public"),
    "video": ("public",),
}
"""Kind → the states in which its addresses are tried: the code is the same for all, so one kind is tried in both."""


def table() -> dict[tuple[str, str], Who]:
    """Return who may do what, by the name of the address and the subject that it is about."""
    rows = {(name, ""): who for name, who in REST.items()}
    for kind, subjects in MATTERS.items():
        for subject in subjects:
            pages = {"draft": DRAFTS, "public": PUBLIC}[subject].items()
            rows |= {(f"resources_{kind}_{page}", subject): who for page, who in pages}
    rows["resources_legalinstrument_verify", "draft"] = Who(WRONG, edit)
    rows["resources_legalinstrument_verify", "public"] = Who(WRONG, publish)
    for model in SHARED:
        for subject, pages in SHARED_PAGES.items():
            rows |= {(f"resources_{model}_{page}", subject): who for page, who in pages.items()}
    for model, (keeps, deletes) in SHELVES.items():
        label = subject_model(model)._meta.label_lower.replace(".", "_")
        for page in ("changelist", "add", "change", "history"):
            rows[f"{label}_{page}", ""] = Who(keeps, keeps)
        rows[f"{label}_delete", ""] = Who(deletes, deletes)
        rows[f"{label}_revert", ""] = Who(WRONG, keeps)
        rows[f"{label}_undelete", ""] = Who(WRONG, deletes)
    return rows
