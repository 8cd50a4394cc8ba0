internal import Audit
internal import Login

extension [LoginEffect] {
    var notes: [AuditNote] {
        self.compactMap { effect in
            guard case .record(let note) = effect else { return nil }
            return note
        }
    }

    var grant: Granted? {
        for case .issue(let granted) in self { return granted }
        return nil
    }
}
