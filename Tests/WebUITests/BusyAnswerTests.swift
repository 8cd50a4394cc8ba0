import HTTPTypes
import Hummingbird
import Testing
import Time

@testable import WebUI

@Suite("A page that comes back since passwords cannot be checked now")
struct BusyAnswerTests {
    @Test("The status says whose the crowd is", arguments: [(true, 429), (false, 503)])
    func status(ofThisSource: Bool, status: Int) {
        let answer = Response(status: .ok).busy(for: .milliseconds(4_100), ofThisSource: ofThisSource)
        #expect(answer.status.code == status && answer.headers[.retryAfter] == "5")
    }
}
