import Foundation
import RondoKit

/// What the members send each other.
enum Message: Codable {
    case change(Change)
    case greeting(Greeting)
    case state(State)

    init(bytes: [UInt8]) throws { self = try JSONDecoder().decode(Message.self, from: Data(bytes)) }

    func bytes() throws -> [UInt8] { Array(try JSONEncoder().encode(self)) }
}

/// A key gets a value, or none.
struct Change: Codable {
    let key: String
    let value: String?
}

/// The members at one time. The ring tells apart two times with the same members.
struct View: Codable, Equatable {
    var ring: RingID?
    var members: [GroupMember] = []
}

/// What a member holds at the start of a view.
struct Greeting: Codable {
    let view: View
    let version: UInt64
    let digest: UInt64
}

/// A whole map, as it was at the start of a view.
struct State: Codable {
    let view: View
    let version: UInt64
    let entries: [String: String]
}
