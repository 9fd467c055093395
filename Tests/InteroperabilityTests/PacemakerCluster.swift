import ClusterLab
import Testing

/// Three nodes with a cluster engine and Pacemaker, one resource that runs once and one that runs everywhere.
final class PacemakerCluster {
    let lab: Laboratory
    let managers: [ResourceManager]
    /// Set while the test has taken nodes away or holds them down on purpose.
    private var down: Set<Int> = []
    /// The fewest nodes on which the cloned resource ran at any look.
    private(set) var fewestCopies = Int.max
    private var watches = false

    static let names = ["node1", "node2", "node3"]

    /// - Parameter configuration: How the nodes are connected. Votes and names are added.
    init(_ mixture: Mixture, _ configuration: RingConfiguration = .quick) throws {
        var configuration = configuration
        configuration.quorum = true
        configuration.debug = false
        configuration.isNamed = true
        lab = try mixture.ring(configuration)
        managers = try lab.nodes.map { try ResourceManager(on: $0, configuration: Self.resources) }
        for manager in managers { try manager.start() }
    }

    func close() { lab.close() }

    /// No fencing devices in a laboratory; the election's waiting time is short.
    private static let resources = """
        <cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
          <configuration>
            <crm_config>
              <cluster_property_set id="options">
                <nvpair id="options-fencing" name="stonith-enabled" value="false"/>
                <nvpair id="options-election" name="dc-deadtime" value="3s"/>
              </cluster_property_set>
            </crm_config>
            <nodes/>
            <resources>
              <primitive id="single" class="ocf" provider="pacemaker" type="Dummy">
                <meta_attributes id="single-meta">
                  <nvpair id="single-stickiness" name="resource-stickiness" value="1000"/>
                </meta_attributes>
                <operations>
                  <op id="single-monitor" name="monitor" interval="5s" timeout="20s"/>
                </operations>
              </primitive>
              <clone id="everywhere">
                <primitive id="copy" class="ocf" provider="pacemaker" type="Dummy">
                  <operations>
                    <op id="copy-monitor" name="monitor" interval="5s" timeout="20s"/>
                  </operations>
                </primitive>
              </clone>
            </resources>
            <constraints/>
          </configuration>
          <status/>
        </cib>
        """

    /// Node N's Pacemaker, counted from 1.
    func manager(_ number: Int) -> ResourceManager { managers[number - 1] }

    /// The numbers of the nodes that should be up.
    var upNumbers: [Int] { (1...3).filter { !down.contains($0) } }

    /// From now on a look at which more than one node runs the single resource, or none the cloned one, is a failure.
    func watch() { watches = true }

    func setDown(_ number: Int, _ isDown: Bool) {
        if isDown { down.insert(number) } else { down.remove(number) }
    }

    /// Waits until every node that is up shows exactly the nodes that are up, quorum, and both resources where they
    /// belong.
    ///
    /// - Returns: The number of the node that runs the single resource.
    @discardableResult
    func awaitService(_ what: String, within limit: Duration = .seconds(40)) throws -> Int {
        let expected = upNumbers.map { "node\($0)" }
        var place: Int?
        var last = ""
        do {
            try lab.wait(for: what, within: limit) {
                look()
                place = nil
                for number in upNumbers {
                    let status = try manager(number).status()
                    last = status.text
                    guard status.hasQuorum, status.online == expected, status.copies == expected,
                        let name = status.place(of: "single"),
                        let found = upNumbers.first(where: { "node\($0)" == name }), place ?? found == found
                    else { return false }
                    if expected.count == 3 && !status.isClean { return false }
                    place = found
                }
                return upNumbers.allSatisfy { manager($0).runs("single") == ($0 == place) }
            }
        } catch {
            throw LabError.unreadable("\(error)\n\(last)\n" + managers.map { $0.report() }.joined())
        }
        guard let place else { throw LabError.unreadable("no place of the resource") }
        return place
    }

    /// One look at what really runs.
    private func look() {
        guard watches else { return }
        #expect(upNumbers.count { manager($0).runs("single") } <= 1, "the resource runs twice")
        fewestCopies = min(fewestCopies, upNumbers.count { manager($0).runs("copy") })
    }

    /// Pacemaker found nothing wrong with the cluster layer, on any node.
    func expectNoComplaints() throws {
        let complaints = try managers.flatMap { try $0.log().filter(\.complains).map(\.line) }
        #expect(complaints.isEmpty, Comment(rawValue: "\n" + complaints.joined(separator: "\n")))
    }
}
