/// Where one message stands. The raw values are schema.
package enum MessageState: String, Hashable, Sendable, CaseIterable {
    /// For its time, or for a worker.
    case waiting
    /// A worker hands it over at this moment: if no answer is ever saved, a provider may have it.
    case attempting
    /// A provider took it.
    case sent
    /// It arrived; a call was heard to the end of the code.
    case delivered
    /// It will not arrive: nobody took it, or the provider says so. Where two answers in a row were lost the progress is
    /// unknown: then nobody can say.
    case failed
    /// Its time was up before anybody took it.
    case expired
    /// Its login was over before it went.
    case withdrawn
}
