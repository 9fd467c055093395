extension [NodeID] {
    /// Copies a list the library lends to a callback.
    init(_ list: UnsafePointer<UInt32>?, _ count: UInt32) {
        self = UnsafeBufferPointer(start: list, count: list == nil ? 0 : Int(count)).map { NodeID($0) }
    }
}
