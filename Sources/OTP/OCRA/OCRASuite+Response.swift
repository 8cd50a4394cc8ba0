// Computing and checking a response (RFC 6287 sections 5.1, 5.2 and 7).

extension OCRASuite {
    /// The response to a challenge. The suite decides which inputs there are: one too many is refused like one too few.
    ///
    /// - Parameters:
    ///   - key: the shared secret.
    ///   - question: the challenge, made for the ``question`` of this suite.
    ///   - pin: for suites with `P`.
    ///   - counter: for suites with `C`.
    ///   - session: for suites with `S`: at most ``sessionLength`` bytes (text in UTF-8), padded with zeros on the left.
    ///   - time: for suites with `T`: seconds since 1970, not steps.
    /// - Returns: ``digits`` ASCII digits; with no truncation the whole HMAC in lower-case hexadecimal.
    /// - Throws: ``OCRAError``.
    public func response(
        key: OTPKey, question: OCRAQuestion, pin: OCRAPIN? = nil, counter: UInt64? = nil, session: [UInt8]? = nil,
        time: Int64? = nil
    ) throws(OCRAError) -> String {
        // A question of the same alphabet is encoded in the same way, but may be longer than this suite allows.
        guard question.format == self.question else { throw .questionForAnotherSuite }
        var input = Array(self.text.utf8)
        input.reserveCapacity(input.count + 1 + 8 + OCRAQuestion.byteCount + 64 + (self.sessionLength ?? 0) + 8)
        input.append(0)
        input += try self.counterBytes(counter)
        input += question.bytes
        input += try self.pinBytes(pin)
        input += try self.sessionBytes(session)
        input += try self.timeBytes(time)
        let code = self.hash.authenticationCode(for: input, key: key)
        return self.digits == 0 ? hexadecimal(code) : truncate(code, digits: self.digits)
    }

    /// The response to a challenge in text; everything else is as for an ``OCRAQuestion``.
    ///
    /// - Parameters:
    ///   - key: the shared secret.
    ///   - question: the challenge.
    ///   - pin: for suites with `P`.
    ///   - counter: for suites with `C`.
    ///   - session: for suites with `S`.
    ///   - time: for suites with `T`, in seconds since 1970.
    /// - Returns: ``digits`` ASCII digits; with no truncation the whole HMAC in lower-case hexadecimal.
    /// - Throws: ``OCRAError``.
    public func response(
        key: OTPKey, question: String, pin: OCRAPIN? = nil, counter: UInt64? = nil, session: [UInt8]? = nil,
        time: Int64? = nil
    ) throws(OCRAError) -> String {
        let question = try OCRAQuestion(question, for: self.question)
        return try self.response(
            key: key, question: question, pin: pin, counter: counter, session: session, time: time)
    }

    /// Whether a response is the one to this challenge; compared in constant time.
    ///
    /// Counters and time steps are taken as given: to look ahead, call it for each.
    ///
    /// - Parameters:
    ///   - response: as typed; anything but ASCII digits of the right length is wrong.
    ///   - key: the shared secret.
    ///   - question: the challenge.
    ///   - pin: for suites with `P`.
    ///   - counter: for suites with `C`.
    ///   - session: for suites with `S`.
    ///   - time: for suites with `T`, in seconds since 1970.
    /// - Throws: ``OCRAError`` for the inputs. A wrong response is `false`, not an error.
    public func verify(
        _ response: String, key: OTPKey, question: OCRAQuestion, pin: OCRAPIN? = nil, counter: UInt64? = nil,
        session: [UInt8]? = nil, time: Int64? = nil
    ) throws(OCRAError) -> Bool {
        let expected = try self.response(
            key: key, question: question, pin: pin, counter: counter, session: session, time: time)
        return constantTimeEquals(expected, response)
    }

    /// Whether a response is the one to this challenge in text; everything else is as for an ``OCRAQuestion``.
    ///
    /// - Parameters:
    ///   - response: as typed; anything but ASCII digits of the right length is wrong.
    ///   - key: the shared secret.
    ///   - question: the challenge.
    ///   - pin: for suites with `P`.
    ///   - counter: for suites with `C`.
    ///   - session: for suites with `S`.
    ///   - time: for suites with `T`, in seconds since 1970.
    /// - Throws: ``OCRAError`` for the inputs. A wrong response is `false`, not an error.
    public func verify(
        _ response: String, key: OTPKey, question: String, pin: OCRAPIN? = nil, counter: UInt64? = nil,
        session: [UInt8]? = nil, time: Int64? = nil
    ) throws(OCRAError) -> Bool {
        let question = try OCRAQuestion(question, for: self.question)
        return try self.verify(
            response, key: key, question: question, pin: pin, counter: counter, session: session, time: time)
    }

    private func counterBytes(_ counter: UInt64?) throws(OCRAError) -> [UInt8] {
        switch (self.usesCounter, counter) {
        case (true, let counter?): return counter.bigEndianBytes
        case (true, nil): throw .missingCounter
        case (false, .some): throw .unexpectedCounter
        case (false, nil): return []
        }
    }

    private func pinBytes(_ pin: OCRAPIN?) throws(OCRAError) -> [UInt8] {
        switch (self.pinHash, pin?.hash) {
        case (let function?, let hash?):
            guard hash.count == function.byteCount else {
                throw .pinHashLength(expected: function.byteCount, given: hash.count)
            }
            return hash
        case (.some, nil): throw .missingPIN
        case (nil, .some): throw .unexpectedPIN
        case (nil, nil): return []
        }
    }

    /// The challenge is padded on the right, session information on the left: so does the RFC's reference code.
    private func sessionBytes(_ session: [UInt8]?) throws(OCRAError) -> [UInt8] {
        switch (self.sessionLength, session) {
        case (let limit?, let session?):
            guard session.count <= limit else { throw .sessionTooLong(limit: limit, given: session.count) }
            return [UInt8](repeating: 0, count: limit - session.count) + session
        case (.some, nil): throw .missingSession
        case (nil, .some): throw .unexpectedSession
        case (nil, nil): return []
        }
    }

    private func timeBytes(_ time: Int64?) throws(OCRAError) -> [UInt8] {
        switch (self.timeStep, time) {
        case (let step?, let time?):
            guard time >= 0 else { throw .timeOutOfRange(time) }
            return UInt64(time / step).bigEndianBytes
        case (.some, nil): throw .missingTime
        case (nil, .some): throw .unexpectedTime
        case (nil, nil): return []
        }
    }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0x0F)]] }, as: UTF8.self)
}
