/// What became of a ring when one link was cut between all nodes. Times are nanoseconds from the cut.
package struct LinkCut: Sendable, Equatable {
    /// Of the link among all.
    var place: Int
    /// Until no node relied on it any more; nil when one still did at the end.
    var carried: UInt64?
    /// Until all nodes showed it as down.
    var down: UInt64?
    /// Tokens of which no copy arrived.
    var tokensLost: Int
    /// The longest time from one token to the next at any node.
    var longestWait: UInt64?
    /// A node gave the ring up.
    var breaksRing: Bool
}

/// What the loss of links leads to.
package struct LinkForecast: Sendable, Equatable {
    package struct Link: Sendable, Equatable {
        package let link: ForecastLinks.Link
        package let cuts: Int
        /// How many of them broke the ring.
        package let breaks: Int
        /// From a cut until other links carry everything.
        package let carried: Quantiles
        /// How often that did not come to pass.
        package let notCarried: Int
        /// From a cut until all nodes show the link as down.
        package let down: Quantiles
        package let tokensLost: ClosedRange<Int>
        /// The longest wait of a node for its next token, of each cut.
        package let longestWait: Quantiles
    }

    package let setting: ForecastLinks
    /// Empty where there is one link alone.
    package let links: [Link]
    /// From the cut of all links of a node until the others are in a ring without it.
    package let isolation: Quantiles
    package let unfinishedIsolations: Int

    init(_ setting: ForecastLinks, _ parts: [ForecastPart]) {
        self.setting = setting
        let cuts = parts.flatMap(\.cuts)
        let isAlone = setting.links.count == 1
        links =
            isAlone
            ? []
            : setting.links.enumerated().map { place, link in
                let own = cuts.filter { $0.place == place }
                let lost = own.map(\.tokensLost)
                return Link(
                    link: link, cuts: own.count, breaks: own.count(where: \.breaksRing),
                    carried: Quantiles(own.compactMap(\.carried)), notCarried: own.count { $0.carried == nil },
                    down: Quantiles(own.compactMap(\.down)), tokensLost: (lost.min() ?? 0)...(lost.max() ?? 0),
                    longestWait: Quantiles(own.compactMap(\.longestWait)))
            }
        let isolations = parts.flatMap(\.isolations)
        isolation = Quantiles(isolations.compactMap(\.self))
        unfinishedIsolations = isolations.count { $0 == nil }
    }
}
