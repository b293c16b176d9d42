"""What can be done to organisations, people, posts, sessions and packs."""

from xiandao.domains.orgs.actions.bodies import (
    BadBody,
    BodyFacts,
    add_body,
    close_body,
    edit_body,
    open_body,
    remove_counterpart,
    set_counterpart,
)
from xiandao.domains.orgs.actions.bootstrap import (
    bootstrap_administrators,
    rescue,
)
from xiandao.domains.orgs.actions.demo import (
    ensure_demo_people,
    remove_demo_people,
)
from xiandao.domains.orgs.actions.factors import (
    add_one_time_codes,
    add_passkey,
    check_code,
    has_factor,
    remove_factor,
    renew_recovery_codes,
    reset_factors,
)
from xiandao.domains.orgs.actions.grants import (
    approve_grant,
    approve_grants,
    propose_change,
    propose_end,
    propose_post,
    refuse_grant,
    withdraw_grant,
)
from xiandao.domains.orgs.actions.import_people import (
    BadSheet,
    Imported,
    RowFault,
    import_people,
    read_sheet,
)
from xiandao.domains.orgs.actions.packs import (
    load_pack,
)
from xiandao.domains.orgs.actions.passwords import (
    BadPassword,
    change_password,
    issue_password,
    password_expired,
    password_faults,
)
from xiandao.domains.orgs.actions.people import (
    close_account,
    create_account,
    edit_account,
    edit_contact,
    open_account,
)
from xiandao.domains.orgs.actions.posts import (
    delegate,
    end_lapsed_posts,
    post_chosen,
    revoke_delegation,
)
from xiandao.domains.orgs.actions.security import (
    set_security_value,
)
from xiandao.domains.orgs.actions.sessions import (
    end_session,
    end_sessions_of,
    open_session,
    session_moved,
    session_seen,
    signed_out,
    timed_out,
)
from xiandao.domains.orgs.actions.sign_in import (
    sign_in_failed,
    sign_in_recorded,
    unlock,
)

__all__ = [
    "BadBody",
    "BadPassword",
    "BadSheet",
    "BodyFacts",
    "Imported",
    "RowFault",
    "add_body",
    "add_one_time_codes",
    "add_passkey",
    "approve_grant",
    "approve_grants",
    "bootstrap_administrators",
    "change_password",
    "check_code",
    "close_account",
    "close_body",
    "create_account",
    "delegate",
    "edit_account",
    "edit_body",
    "edit_contact",
    "end_lapsed_posts",
    "end_session",
    "end_sessions_of",
    "ensure_demo_people",
    "has_factor",
    "import_people",
    "issue_password",
    "load_pack",
    "open_account",
    "open_body",
    "open_session",
    "password_expired",
    "password_faults",
    "post_chosen",
    "propose_change",
    "propose_end",
    "propose_post",
    "read_sheet",
    "refuse_grant",
    "remove_counterpart",
    "remove_demo_people",
    "remove_factor",
    "renew_recovery_codes",
    "rescue",
    "reset_factors",
    "revoke_delegation",
    "session_moved",
    "session_seen",
    "set_counterpart",
    "set_security_value",
    "sign_in_failed",
    "sign_in_recorded",
    "signed_out",
    "timed_out",
    "unlock",
    "withdraw_grant",
]
