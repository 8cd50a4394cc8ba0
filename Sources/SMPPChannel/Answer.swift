internal import Channels
internal import SMPP

/// What each status means for a message that was submitted (SMPP 3.4 table 5-2).
enum Answer {
    case taken
    case throttled
    case postponed(DeliveryFault.Kind)
    case refused(DeliveryFault.Kind)

    init(to status: CommandStatus) {
        // A vendor's own: nobody knows whether it is for good, and the message is short-lived.
        guard let code = status.code else {
            self = .postponed(.providerFault)
            return
        }
        self =
            switch code {
            case .rok: .taken
            case .rthrottled, .rmsgqful: .throttled
            case .rinvdstadr: .refused(.invalidRecipient)

            // Trouble of its own; it may have passed the next time.
            case .rsyserr, .rsubmitfail, .rxTAppn, .runknownerr, .rinvbndsts, .ralybnd: .postponed(.providerFault)

            // How the account is set up, here or there.
            case .rbindfail, .rinvpaswd, .rinvsysid, .rinvsystyp, .rinvsertyp, .rinvsrcadr, .rinvsrcton, .rinvsrcnpi:
                .refused(.account)

            // What we wrote, and how.
            case .rinvmsglen, .rinvcmdlen, .rinvcmdid, .rinvprtflg, .rinvregdlvflg, .rinvesmclass, .rinvdstton,
                .rinvdstnpi, .rinvrepflag, .rinvsched, .rinvexpiry, .rinvdftmsgid, .rinvoptparstream, .roptparnotallwd,
                .rinvparlen, .rmissingoptparam, .rinvoptparamval:
                .refused(.rejectedContent)

            // For good, without a reason; or no answer to a submit at all.
            case .rxPAppn, .rxRAppn, .rdeliveryfailure, .rinvmsgid, .rcancelfail, .rreplacefail, .rinvnumdests,
                .rinvdlname, .rinvdestflag, .rinvsubrep, .rcntsubdl, .rinvnummsgs, .rqueryfail:
                .refused(.providerFault)
            }
    }

    /// Why a bind was refused: the account's fault, unless the SMSC says that it has trouble itself.
    static func bindFault(_ status: CommandStatus) -> DeliveryFault {
        switch status.code {
        case .rsyserr, .rthrottled, .rmsgqful, .rxTAppn, .runknownerr:
            DeliveryFault(.providerFault, "bind: \(status.name)")
        default: DeliveryFault(.account, "bind: \(status.name)")
        }
    }
}

extension DeliveryReceipt {
    /// A notification before the end tells of an attempt that failed, and of more to come (section 2.11). In any other receipt
    /// a message is under way as all are.
    var progress: DeliveryProgress {
        switch self.state {
        case .enroute where self.isIntermediate: .buffered
        case .enroute, .accepted: .underWay
        case .delivered: .delivered
        case .expired: .expired
        case .deleted, .undeliverable: .undeliverable
        case .rejected: .rejected
        case .unknown, nil: .unknown
        }
    }
}
