/// Every sentence that a user meets at a terminal, by its name in the catalogues. A test sees to it that none is missing.
package enum TerminalPhrase: String, Hashable, Sendable, CaseIterable {
    case welcome
    case loggedInAs = "logged_in_as"
    case loggedOut = "logged_out"
    case notLoggedIn = "not_logged_in"
    case askUserName = "ask_user_name"
    case askPassword = "ask_password"
    case wrongCredentials = "wrong_credentials"
    case blockedUntil = "blocked_until"
    case chooseDevice = "choose_device"
    case askNumber = "ask_number"
    case notANumber = "not_a_number"
    case card
    case cardEnding = "card_ending"
    case challenge
    case cardSteps = "card_steps"
    case askResponse = "ask_response"
    case phoneEnding = "phone_ending"
    case codeTextWaiting = "code_text_waiting"
    case codeTextSent = "code_text_sent"
    case codeTextBuffered = "code_text_buffered"
    case codeTextDelivered = "code_text_delivered"
    case codeTextFailed = "code_text_failed"
    case codeCallWaiting = "code_call_waiting"
    case codeCallSent = "code_call_sent"
    case codeCallAnswered = "code_call_answered"
    case codeCallHeard = "code_call_heard"
    case codeCallBusy = "code_call_busy"
    case codeCallNoAnswer = "code_call_no_answer"
    case codeCallNotRead = "code_call_not_read"
    case codeCallFailed = "code_call_failed"
    case codeUnknown = "code_unknown"
    case codeSIMSwapped = "code_sim_swapped"
    case codeUnchecked = "code_unchecked"
    case limited
    case notLoggedOut = "not_logged_out"
    case formerNotEnded = "former_not_ended"
    case codeNotSent = "code_not_sent"
    case codesEnded = "codes_ended"
    case askCode = "ask_code"
    case askCodeOrCall = "ask_code_or_call"
    case malformedCode = "malformed_code"
    case malformedResponse = "malformed_response"
    case wrongResponseOne = "wrong_response_one"
    case wrongResponseOther = "wrong_response_other"
    case nextBlock = "next_block"
    case nextEnd = "next_end"
    case overTooManyPasswords = "over_too_many_passwords"
    case overBlocked = "over_blocked"
    case overCancelledHere = "over_cancelled_here"
    case overExpired = "over_expired"
    case overChallengeExpired = "over_challenge_expired"
    case overCancelled = "over_cancelled"
    case overNoAuthenticator = "over_no_authenticator"
    case overAuthenticatorDisabled = "over_authenticator_disabled"
    case overPINChange = "over_pin_change"
    case overRefused = "over_refused"
    case hintLogIn = "hint_log_in"
    case hintAgain = "hint_again"
    case badAddress = "bad_address"
    case hintAddress = "hint_address"
    case unreachableNobody = "unreachable_nobody"
    case unreachableLate = "unreachable_late"
    case unreachableNotTrusted = "unreachable_not_trusted"
    case hintTrust = "hint_trust"
    case unreachableFailed = "unreachable_failed"
    case hintStart = "hint_start"
    case errorNotLoggedIn = "error_not_logged_in"
    case busy
    case hintWait = "hint_wait"
    case fault
    case hintLog = "hint_log"
    case unknownProgram = "unknown_program"
    case hintBootstrap = "hint_bootstrap"
    case refused
    case unexpectedAnswer = "unexpected_answer"
    case hintVersion = "hint_version"
    case stateDamaged = "state_damaged"
    case stateUnwritable = "state_unwritable"
    case stateFolder = "state_folder"
    case noMoreInput = "no_more_input"
    case error
    case hint
}

extension TerminalPhrase {
    /// What a code is asked for by.
    ///
    /// - Parameter isCallOffered: whether the server would read it out in a call.
    static func codePrompt(withCall isCallOffered: Bool) -> TerminalPhrase { isCallOffered ? .askCodeOrCall : .askCode }
}
