package import Identifiers

/// A person with a user name.
package struct User: Hashable, Sendable {
    package let id: UserID
    package let name: UserName
    /// What the user is greeted by.
    package let displayName: String
    /// Where notices go. Whoever added the user vouches for it: nobody can set it for himself.
    package let email: String?
    /// As it is written on a letter.
    package let postalAddress: String?
    /// In international form: `+` and digits (E.164).
    package let phoneNumber: String?
    package let status: UserStatus
    package let roles: Set<Role>
    /// In which he is written to and called where no request of his own says it: a BCP 47 tag, `en` or `zh-Hant`; nil
    /// until he has said so.
    package let language: String?

    package init(
        id: UserID, name: UserName, displayName: String, email: String?, postalAddress: String? = nil,
        phoneNumber: String? = nil, status: UserStatus, roles: Set<Role> = [],
        language: String? = nil
    ) {
        self.id = id
        self.name = name
        self.displayName = displayName
        self.email = email
        self.postalAddress = postalAddress
        self.phoneNumber = phoneNumber
        self.status = status
        self.roles = roles
        self.language = language
    }

    /// Whether he can make others administrators.
    package var mayGiveRoles: Bool { self.status == .active && self.roles.contains(.administrator) }
}

/// The raw values are schema.
package enum UserStatus: String, Hashable, Sendable {
    case active, disabled
}
