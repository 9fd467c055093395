import Basics

/// The release of Corosync whose tools these are. (Basics and RondoKit both have a `NodeID`, so only this file sees both names.)
enum ReleaseName {
    static let corosync = Release.corosync
}
