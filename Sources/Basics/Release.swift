/// Which release this is, and which of Corosync's it goes with.
public enum Release {
    /// Rondo's own version.
    public static let rondo = "0.1.0"
    /// The Corosync release whose protocols and behaviour Rondo has.
    public static let corosync = "3.1.7"
}
