import TotemWire

/// What is sent.
extension Checker {
    /// A node sends a datagram.
    mutating func sent(_ node: Int, _ datagram: Span<UInt8>, backlogShare: UInt32) {
        guard let header = try? PacketHeader(decoding: datagram) else {
            return fail(.robustness) {
                "node \($0.ids[node]) sends something that is no packet"
            }
        }
        switch header.type {
        case .mcast:
            guard let mcast = try? McastHeader(decoding: datagram, header: header) else {
                return fail(.robustness) {
                    "node \($0.ids[node]) sends a malformed mcast"
                }
            }
            sent(node, mcast, datagram)
        case .orfToken:
            guard let token = try? ORFToken(decoding: datagram, header: header) else {
                return fail(.robustness) {
                    "node \($0.ids[node]) sends a malformed token"
                }
            }
            sent(node, token, fingerprint: datagram.fingerprint, backlogShare: backlogShare)
        case .commitToken:
            guard let token = try? CommitToken(decoding: datagram, header: header) else {
                return fail(.robustness) {
                    "node \($0.ids[node]) sends a malformed commit token"
                }
            }
            sent(node, token, fingerprint: datagram.fingerprint)
        case .join, .mergeDetect, .holdCancel:
            break
        }
    }

    private mutating func sent(_ node: Int, _ header: McastHeader, _ datagram: Span<UInt8>) {
        let place = ledger(of: header.ringID)
        ledgers[place].sending[node] += 1
        let fingerprint = datagram.fingerprint
        digest.mix(fingerprint)
        let position = Int(header.sequence.distance(from: ledgers[place].start))
        let known = ledgers[place].frames.count
        if position >= 1, position <= known {
            return require(ledgers[place].frames[position - 1].fingerprint == fingerprint, .identicalRetransmission) {
                "node \($0.ids[node]) repeats message \(header.sequence) of ring \(header.ringID) with other content"
            }
        }
        require(position == known + 1, .tokenSequence) {
            "node \($0.ids[node]) numbers a message of ring \(header.ringID) \(header.sequence); the next number is "
                + "\($0.ledgers[place].highest.next)"
        }
        require(header.systemFrom == ids[node] && header.header.nodeID == ids[node], .integrity) {
            "node \($0.ids[node]) sends a new message in the name of node \(header.systemFrom)"
        }
        ledgers[place].frames.append(.init(origin: Int32(clamping: node), fingerprint: fingerprint))
        if header.header.encapsulated == Encapsulation.frame {
            read(datagram.extracting(droppingFirst: McastHeader.size), order: header.header.order, node, place)
        }
    }

    /// Notes which messages begin and which end in a frame.
    private mutating func read(_ bytes: Span<UInt8>, order: ByteOrder, _ node: Int, _ place: Int) {
        guard let frame = try? Frame(decoding: bytes, order: order) else {
            return fail(.wholeMessages) {
                "node \($0.ids[node]) sends a frame whose parts do not fill it"
            }
        }
        var cursor = Frame.Cursor()
        while let range = frame.nextPart(&cursor) {
            let message: Int
            if cursor.index == 1, frame.continuation != 0 {
                message = nodes[node].takeOpen(frame.continuation)
            } else {
                message = begin(bytes.extracting(range), order: order, node)
                if message >= 0 { messages[message].begunIn = Int32(clamping: place) }
            }
            guard message >= 0 else {
                return fail(.wholeMessages) {
                    "node \($0.ids[node]) sends a part that belongs to no message"
                }
            }
            if cursor.index == frame.partCount, frame.fragmented != 0 {
                if messages[message].isOrdinary {
                    nodes[node].openOrdinary[Int(frame.fragmented)] = Int32(clamping: message)
                } else {
                    nodes[node].openOther[Int(frame.fragmented)] = Int32(clamping: message)
                }
            } else {
                end(message, node, place)
            }
        }
    }

    private func begin(_ part: Span<UInt8>, order: ByteOrder, _ node: Int) -> Int {
        guard let address = try? GroupAddress(decoding: part, order: order),
            let number = MessageBody.number(of: part.extracting(droppingFirst: address.dataOffset)),
            messages.indices.contains(number), Int(messages[number].sender) == node,
            messages[number].life == nodes[node].life
        else { return -1 }
        return number
    }

    private mutating func end(_ message: Int, _ node: Int, _ place: Int) {
        let record = messages[message]
        messages[message].endedIn = Int32(clamping: place)
        messages[message].place = Int32(clamping: ledgers[place].messages.count)
        require(record.heardIn != Int32(clamping: place) || record.heardPlace < messages[message].place, .causality) {
            "node \($0.ids[node]) sends \($0.describe(message)) at a place before what it had delivered"
        }
        ledgers[place].messages.append(Int32(clamping: message))
        ledgers[place].endedBy[node] += 1
        let last = record.isOrdinary ? nodes[node].ordinaryEnded : nodes[node].otherEnded
        require(record.number == last + 1, .fifo) {
            "node \($0.ids[node]) sends \($0.describe(message)) after number \(last) of its messages"
        }
        if record.isOrdinary {
            nodes[node].ordinaryEnded = record.number
        } else {
            nodes[node].otherEnded = record.number
        }
    }

    private mutating func sent(_ node: Int, _ token: CommitToken, fingerprint: UInt64) {
        requireStored(node, token.ringID)
        require(
            token.ringID.representative == token.addresses.first && token.addresses.contains(ids[node]),
            .sameRingSameMembers
        ) {
            "node \($0.ids[node]) sends a commit token of ring \(token.ringID) for nodes \(token.addresses)"
        }
        let place = ledger(of: token.ringID)
        if ledgers[place].members.isEmpty { ledgers[place].members = token.addresses }
        require(ledgers[place].members == token.addresses, .sameRingSameMembers) {
            "ring \(token.ringID) is for nodes \($0.ledgers[place].members) and for nodes \(token.addresses)"
        }
        guard token.tokenSequence == 1 else { return }
        require(ledgers[place].creation ?? fingerprint == fingerprint, .ringIDNotReused) {
            "node \($0.ids[node]) creates ring \(token.ringID) a second time"
        }
        ledgers[place].creation = fingerprint
    }

    func isStored(_ node: Int, _ ring: RingID) -> Bool { ring.sequence <= nodes[node].stored }

    mutating func requireStored(_ node: Int, _ ring: RingID) {
        require(isStored(node, ring), .ringSequenceGrows) {
            "node \($0.ids[node]) sends a token of ring \(ring) but has stored only \($0.nodes[node].stored)"
        }
    }
}
