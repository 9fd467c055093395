import Basics

/// Who this is and what it speaks.
public enum Version {
    /// The output of `-v`. Programs take the first line and look for a version behind the word `version`
    /// (`corosync -v | head -1`); they must find the one whose features they may use.
    public static var text: String {
        """
        Corosync Cluster Engine, version '\(Release.corosync)' (Rondo \(Release.rondo))
        A cluster engine that speaks Corosync's protocols; the number above is the release it is compatible with.

        Built-in features: \(features)
        """
    }

    public static let features = "systemd"

    /// Log tools find a start by `Corosync.Cluster.Engine` (spec: daemon-and-tools.md 2.4).
    public static var startLine: String {
        "Corosync Cluster Engine \(Release.corosync) starting up (Rondo \(Release.rondo))"
    }
}
