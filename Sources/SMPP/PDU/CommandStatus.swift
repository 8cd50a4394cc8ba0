/// The outcome that a response reports (section 5.1.3). What the table does not name keeps its number: vendors have their
/// own from 400 (hexadecimal) on.
package struct CommandStatus: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package init(_ code: StatusCode) { self.rawValue = code.rawValue }

    package static let ok = CommandStatus(.rok)

    package var code: StatusCode? { StatusCode(rawValue: self.rawValue) }

    /// As the specification writes it: `ESME_RTHROTTLED`; a vendor's own as `0x00000401`.
    package var name: String {
        switch self.code {
        case .rxTAppn: return "ESME_RX_T_APPN"
        case .rxPAppn: return "ESME_RX_P_APPN"
        case .rxRAppn: return "ESME_RX_R_APPN"
        case let code?: return "ESME_\(code)".uppercased()
        case nil: return self.number
        }
    }

    private var number: String {
        let digits = String(self.rawValue, radix: 16, uppercase: true)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// Table 5-2. A case is the specification's name without its `ESME_`, in small letters:
/// ``CommandStatus/name`` relies on it.
package enum StatusCode: UInt32, Sendable, CaseIterable {
    case rok = 0x00
    case rinvmsglen = 0x01
    case rinvcmdlen = 0x02
    case rinvcmdid = 0x03
    case rinvbndsts = 0x04
    case ralybnd = 0x05
    case rinvprtflg = 0x06
    case rinvregdlvflg = 0x07
    case rsyserr = 0x08
    case rinvsrcadr = 0x0A
    case rinvdstadr = 0x0B
    case rinvmsgid = 0x0C
    case rbindfail = 0x0D
    case rinvpaswd = 0x0E
    case rinvsysid = 0x0F
    case rcancelfail = 0x11
    case rreplacefail = 0x13
    case rmsgqful = 0x14
    case rinvsertyp = 0x15
    case rinvnumdests = 0x33
    case rinvdlname = 0x34
    case rinvdestflag = 0x40
    case rinvsubrep = 0x42
    case rinvesmclass = 0x43
    case rcntsubdl = 0x44
    case rsubmitfail = 0x45
    case rinvsrcton = 0x48
    case rinvsrcnpi = 0x49
    case rinvdstton = 0x50
    case rinvdstnpi = 0x51
    case rinvsystyp = 0x53
    case rinvrepflag = 0x54
    case rinvnummsgs = 0x55
    case rthrottled = 0x58
    case rinvsched = 0x61
    case rinvexpiry = 0x62
    case rinvdftmsgid = 0x63
    /// The receiver's temporary, permanent and rejecting errors.
    case rxTAppn = 0x64
    case rxPAppn = 0x65
    case rxRAppn = 0x66
    case rqueryfail = 0x67
    case rinvoptparstream = 0xC0
    case roptparnotallwd = 0xC1
    case rinvparlen = 0xC2
    case rmissingoptparam = 0xC3
    case rinvoptparamval = 0xC4
    case rdeliveryfailure = 0xFE
    case runknownerr = 0xFF
}
