import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// What came over the lines, as WAV: whole with `audio.wav`, and while it comes with `live.wav`.
struct SoundDoor: Sendable {
    let exchange: Exchange

    func mount(on router: Router<CarrierContext>) {
        router.get("/calls/:number/audio.wav", use: self.whole)
        router.get("/calls/:number/live.wav", use: self.live)
    }

    @Sendable func whole(_ request: Request, context: CarrierContext) -> Response {
        guard let recording = self.recording(context) else { return .plain("No such call.", .notFound) }
        let wav = recording.wav
        var response: Response
        // Players ask for parts before they let anybody jump.
        if let range = ByteRange(request.headers[.range], of: wav.count) {
            response = .body(Array(wav[range.bounds]), "audio/wav", .partialContent)
            response.headers[.contentRange] =
                "bytes \(range.bounds.lowerBound)-\(range.bounds.upperBound - 1)/\(wav.count)"
        } else {
            response = .body(wav, "audio/wav", .ok)
        }
        response.headers[.acceptRanges] = "bytes"
        return response
    }

    @Sendable func live(_ request: Request, context: CarrierContext) -> Response {
        guard let recording = self.recording(context) else { return .plain("No such call.", .notFound) }
        // From what is said now, but for the half second that a player needs to start.
        let start = recording.isFinished ? 0 : max(0, recording.count - Recording.rate / 2)
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(bytes: Recording.header(count: nil)))
            var (place, isFinished) = (start, false)
            while !isFinished {
                let from = place
                let news = await cancelWhenGracefulShutdown { await Self.news(of: recording, from: from) }
                if !news.samples.isEmpty { try await writer.write(ByteBuffer(bytes: Recording.bytes(news.samples))) }
                place += news.samples.count
                isFinished = news.isFinished
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "audio/wav"], body: body)
    }

    /// Waits until there is some. A program that stops says that there is no more.
    private static func news(of recording: Recording, from place: Int) async -> (samples: [Int16], isFinished: Bool) {
        while true {
            let rings = recording.bell.listen()
            let isFinished = recording.isFinished || Task.isCancelled
            let samples = recording.samples(from: place)
            guard samples.isEmpty, !isFinished else { return (samples, isFinished) }
            for await _ in rings { break }
        }
    }

    private func recording(_ context: CarrierContext) -> Recording? {
        let number = context.parameters.get("number").flatMap { Int($0) }
        return self.exchange.read { carrier in carrier.calls.first { $0.number == number }?.recording }
    }
}

/// One range of bytes (RFC 9110 section 14.1.2); others are as if they had not been asked for.
struct ByteRange: Hashable {
    let bounds: Range<Int>

    init?(_ header: String?, of count: Int) {
        guard let header, header.hasPrefix("bytes="), !header.contains(",") else { return nil }
        let parts = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count <= 12 && $0.utf8.allSatisfy(isDigit) }) else {
            return nil
        }
        switch (Int(parts[0]), Int(parts[1])) {
        case (let first?, let last) where first < count && first <= last ?? first:
            self.bounds = first..<min(count, (last ?? count) < count ? (last ?? count) + 1 : count)
        case (nil, let last?) where last > 0 && count > 0: self.bounds = max(0, count - last)..<count
        default: return nil
        }
    }
}
