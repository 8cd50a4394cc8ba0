internal import Channels

/// Where in the conversation a reply came: the same code says different things.
enum SMTPStep: String, Sendable, CaseIterable {
    case greeting = "EHLO"
    case authentication = "AUTH"
    case mail = "MAIL"
    case recipient = "RCPT"
    case data = "DATA"
    case content = "content"

    /// What becomes of the mail after a reply that the step did not want.
    func outcome(of reply: SMTPReply) -> HandOver {
        let detail = "\(self.rawValue): \(reply.codes)"
        switch reply.code {
        case 400...499: return .postponed(DeliveryFault(.providerFault, detail), retryAfter: nil)
        case 500...599: return .refused(DeliveryFault(self.fault(of: reply), detail))
        default:
            let fault = DeliveryFault(.malformedAnswer, detail)
            return self == .content ? .unanswered(fault) : .postponed(fault, retryAfter: nil)
        }
    }

    private func fault(of reply: SMTPReply) -> DeliveryFault.Kind {
        // 5.7.x: not from you, wherever it is said (RFC 3463 section 3.8). 530: log in first (RFC 4954 section 6).
        let isAboutUs = reply.code == 530 || reply.enhancedCode?.hasPrefix("5.7.") ?? false
        switch self {
        case .greeting, .authentication, .mail: return .account
        case .recipient: return isAboutUs || ![550, 551, 552, 553].contains(reply.code) ? .account : .invalidRecipient
        case .data, .content: return .rejectedContent
        }
    }
}
