/// The kinds of thing that have an identifier. The names keep a user's from being taken for a login's.
package enum Named {
    package enum User {}
    package enum Authenticator {}
    package enum Login {}
    package enum Challenge {}
    package enum Session {}
    package enum Application {}
    package enum AuditEntry {}
    package enum Request {}
    package enum Statement {}
    package enum Notice {}
    package enum ActivationCode {}
    package enum Recovery {}
}

package typealias UserID = Identifier<Named.User>
package typealias AuthenticatorID = Identifier<Named.Authenticator>
package typealias LoginID = Identifier<Named.Login>
package typealias ChallengeID = Identifier<Named.Challenge>
package typealias SessionID = Identifier<Named.Session>
package typealias ApplicationID = Identifier<Named.Application>
package typealias AuditEntryID = Identifier<Named.AuditEntry>
package typealias RequestID = Identifier<Named.Request>
/// The `jti` of a signed statement.
package typealias StatementID = Identifier<Named.Statement>
package typealias NoticeID = Identifier<Named.Notice>
package typealias ActivationCodeID = Identifier<Named.ActivationCode>
package typealias RecoveryID = Identifier<Named.Recovery>
