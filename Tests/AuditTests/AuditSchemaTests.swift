// The raw values of the audit trail are schema: stored, and filtered by. A new case is a new row here.

import Audit
import Testing

@Suite struct AuditSchemaTests {
    static let events: [AuditEvent: String] = [
        .loginStarted: "login.started",
        .passwordChecked: "password.checked",
        .passwordRehashed: "password.rehashed",
        .passwordLocked: "password.locked",
        .passwordSet: "password.set",
        .passwordChanged: "password.changed",
        .passwordRecovered: "password.recovered",
        .activationCodeIssued: "activation_code.issued",
        .activationCodeChecked: "activation_code.checked",
        .recoveryStarted: "recovery.started",
        .recoveryChecked: "recovery.checked",
        .recoveryCancelled: "recovery.cancelled",
        .challengeIssued: "challenge.issued",
        .responseChecked: "response.checked",
        .authenticatorBlocked: "authenticator.blocked",
        .authenticatorDisabled: "authenticator.disabled",
        .loginGranted: "login.granted",
        .loginRefused: "login.refused",
        .loginCancelled: "login.cancelled",
        .loginDisowned: "login.disowned",
        .numberChecked: "phone_number.checked",
        .authenticatorRemoved: "authenticator.removed",
        .messageRefused: "message.refused",
        .codesEnded: "codes.ended",
        .factorAcknowledged: "restricted_factor.acknowledged",
        .loginFinished: "login.finished",
        .sessionStarted: "session.started",
        .sessionRenewed: "session.renewed",
        .sessionEnded: "session.ended",
        .logoutNotified: "logout.notified",
        .deviceRemembered: "device.remembered",
        .codeIssued: "authorization_code.issued",
        .codeRedeemed: "authorization_code.redeemed",
        .tokenRefreshed: "token.refreshed",
        .tokenRevoked: "token.revoked",
        .clientRefused: "client.refused",
        .addressChanged: "address.changed",
        .userAdded: "user.added",
        .userChanged: "user.changed",
        .userDisabled: "user.disabled",
        .userEnabled: "user.enabled",
        .rolesChanged: "roles.changed",
        .lockLifted: "lock.lifted",
        .authenticatorBound: "authenticator.bound",
        .applicationAdded: "application.added",
        .applicationChanged: "application.changed",
        .clientSecretRotated: "client_secret.rotated",
        .applicationRemoved: "application.removed",
        .dataKeyAdded: "data_key.added",
        .dataKeyRetired: "data_key.retired",
        .masterKeyReplaced: "master_key.replaced",
        .signingKeyAdded: "signing_key.added",
        .signingKeyActivated: "signing_key.activated",
        .signingKeyRetired: "signing_key.retired",
        .signingKeyRemoved: "signing_key.removed",
        .sourceAlarm: "source.alarm",
        .cardsImported: "cards.imported",
        .cardOrdered: "card.ordered",
        .cardShipped: "card.shipped",
        .cardActivated: "card.activated",
        .activationExtended: "activation.extended",
        .cardBlocked: "card.blocked",
        .cardUnblocked: "card.unblocked",
        .cardLost: "card.lost",
        .cardReturned: "card.returned",
        .cardCancelled: "card.cancelled",
        .pinChanged: "pin.changed",
        .pinSet: "pin.set",
        .messageSent: "message.sent",
        .messageDisowned: "message.disowned",
        .messageTested: "message.tested",
        .providerStopped: "provider.stopped",
        .providerResumed: "provider.resumed",
        .blockStopped: "number_block.stopped",
        .blockResumed: "number_block.resumed",
        .conversionFell: "conversion.fell",
        .simSwapChecked: "sim_swap.checked",
    ]

    static let reasons: [AuditReason: String] = [
        .wrongCredentials: "wrong_credentials",
        .passwordLocked: "password_locked",
        .passwordMustBeSet: "password_must_be_set",
        .userDisabled: "user_disabled",
        .noSuchUser: "no_such_user",
        .noAuthenticator: "no_authenticator",
        .anotherUser: "another_user",
        .wrongCode: "wrong_code",
        .tooEarly: "too_early",
        .passwordChanged: "password_changed",
        .wrongResponse: "wrong_response",
        .olderCode: "older_code",
        .notRequested: "not_requested",
        .tooSoon: "too_soon",
        .numberLimit: "number_limit",
        .sendingLimit: "sending_limit",
        .notThere: "not_there",
        .noSuchWay: "no_such_way",
        .hasAuthenticator: "has_authenticator",
        .blockStopped: "block_stopped",
        .fewUsed: "few_used",
        .simSwapped: "sim_swapped",
        .noAnswer: "no_answer",
        .blocked: "blocked",
        .disabled: "disabled",
        .removed: "removed",
        .expired: "expired",
        .challengeExpired: "challenge_expired",
        .evidenceForAnotherChallenge: "evidence_for_another_challenge",
        .cancelledByUser: "cancelled_by_user",
        .reused: "reused",
        .wrongVerifier: "wrong_verifier",
        .wrongLoginSecret: "wrong_login_secret",
        .wrongRedirect: "wrong_redirect",
        .wrongApplication: "wrong_application",
        .revoked: "revoked",
        .undelivered: "undelivered",
        .loggedOut: "logged_out",
        .endedByUser: "ended_by_user",
        .replaced: "replaced",
        .endedByStaff: "ended_by_staff",
        .address: "address",
        .firm: "firm",
        .application: "application",
        .credentialsChanged: "credentials_changed",
        .weakerFactor: "weaker_factor",
        .pinMustChange: "pin_must_change",
        .outOfStock: "out_of_stock",
        .cardUnderWay: "card_under_way",
        .cardOverdue: "card_overdue",
        .outsideItsDates: "outside_its_dates",
        .notNow: "not_now",
        .contradicted: "contradicted",
        .email: "email",
        .language: "language",
    ]

    @Test(arguments: AuditEvent.allCases)
    func event(event: AuditEvent) {
        #expect(event.rawValue == Self.events[event])
        #expect(AuditEvent(rawValue: event.rawValue) == event)
    }

    @Test(arguments: AuditReason.allCases)
    func reason(reason: AuditReason) {
        #expect(reason.rawValue == Self.reasons[reason])
        #expect(AuditReason(rawValue: reason.rawValue) == reason)
    }

    @Test func outcomes() {
        #expect(AuditOutcome.allCases.map(\.rawValue) == ["success", "failure", "information"])
    }

    @Test("One form: lower case, a thing and what happened to it")
    func form() {
        for name in Self.events.values { #expect(name.wholeMatch(of: /[a-z_]+\.[a-z]+/) != nil, "\(name)") }
        for name in Self.reasons.values { #expect(name.wholeMatch(of: /[a-z]+(_[a-z]+)*/) != nil, "\(name)") }
    }
}
