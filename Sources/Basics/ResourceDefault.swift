/// What the keys of section `resources` are where they are not given: the table of keys says it, and the services begin
/// with it.
public enum ResourceDefault {
    /// `resources.watchdog_timeout`, in seconds.
    public static let watchdogTimeout: UInt32 = 6
    /// `poll_period` of the load and the memory, in milliseconds.
    public static let pollPeriod: UInt64 = 3000
}
