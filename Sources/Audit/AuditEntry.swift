package import Identifiers
package import Time

/// One line of the audit trail.
package struct AuditEntry: Hashable, Sendable {
    package let id: AuditEntryID
    package let at: Instant
    package let note: AuditNote
    package let context: AuditContext

    package init(id: AuditEntryID, at: Instant, note: AuditNote, context: AuditContext) {
        self.id = id
        self.at = at
        self.note = note
        self.context = context
    }
}

/// Who and from where, as far as it is known. A name that nobody has is not kept: people type passwords into that field.
package struct AuditContext: Hashable, Sendable {
    package var user: UserID?
    package var login: LoginID?
    package var application: ApplicationID?
    /// The address that the request came from, as text.
    package var address: String?
    package var request: RequestID?
    /// Who acted, where it was not the user: a maintenance command's name.
    package var actor: String?
    /// What the actor gave as the reason.
    package var explanation: String?

    package init(
        user: UserID? = nil, login: LoginID? = nil, application: ApplicationID? = nil, address: String? = nil,
        request: RequestID? = nil, actor: String? = nil, explanation: String? = nil
    ) {
        self.user = user
        self.login = login
        self.application = application
        self.address = address
        self.request = request
        self.actor = actor
        self.explanation = explanation
    }
}
