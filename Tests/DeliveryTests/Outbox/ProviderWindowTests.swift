import Testing

@testable import Delivery

@Suite("Places at a provider")
struct ProviderWindowTests {
    @Test("The last ones are for what somebody waits for, and that goes first")
    func reserved() async {
        let window = ProviderWindow(4, patience: .zero)
        for _ in 1...3 { #expect(await window.enter(isUrgent: false)) }
        #expect(await !window.enter(isUrgent: false), "nobody left in time")
        #expect(await window.enter(isUrgent: true))
        #expect(await !window.enter(isUrgent: true))
        window.leave()
        #expect(await !window.enter(isUrgent: false), "the place is kept")
        #expect(await window.enter(isUrgent: true))
    }

    @Test("Of those that wait a code is let in before a notice that came earlier")
    func order() async {
        let window = ProviderWindow(1, patience: .seconds(60))
        #expect(await window.enter(isUrgent: false), "a single place is for both")
        let (entered, note) = AsyncStream.makeStream(of: String.self)
        async let notice: Void = {
            _ = await window.enter(isUrgent: false)
            note.yield("notice")
        }()
        while window.waiting < 1 { await Task.yield() }
        async let code: Void = {
            _ = await window.enter(isUrgent: true)
            note.yield("code")
        }()
        while window.waiting < 2 { await Task.yield() }
        var order = entered.makeAsyncIterator()
        window.leave()
        #expect(await order.next() == "code")
        window.leave()
        #expect(await order.next() == "notice")
        _ = await (notice, code)
    }
}
