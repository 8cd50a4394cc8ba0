// Phrases that code chooses. Those that only templates name are in the message files alone.

/// A key of the message files. A test compares this list, both files and all templates.
enum Phrase: String, CaseIterable, Sendable {
    // Errors
    case notFoundTitle, unavailableTitle, requestTitle, loginRequiredTitle, notLoggedInTitle
    case loggedOutHereTitle, loggedOutHere
    case malformedRequest, crossSite, notFound, unknownLogin, wrongIssuer, accessDenied, loginRequired, providerBusy
    case providerRefused, providerUnreachable, providerMisconfigured, codeRefused, badToken, wrongUser, internalFault
    // Page titles
    case frontTitle, homeTitle, detailsTitle
    // How and when
    case factorPassword, factorPin, factorCard, factorSoftware, factorText, factorCall, factorFingerprint, factorFace
    case factorPresence, factorUnknown, twoFactors, listSeparator, listLast, notStated
    case agoNow, agoMinutes, agoHour, agoHours, agoDays
    case levelPhishingResistant, levelHardwareProtected, levelMultiFactor, levelSingleFactor, levelNone
    // Claims
    case claimIss, claimSub, claimAud, claimExp, claimIat, claimAuthTime, claimNonce, claimAcr, claimAmr, claimAzp
    case claimAtHash, claimSid, claimName, claimPreferredUsername, claimJti, claimOther
    // Portfolio
    case holdingElectric, holdingFerry, holdingPaper, holdingBond
}
