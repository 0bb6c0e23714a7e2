/// The standard normal distribution.
enum NormalDistribution {
    /// Φ(x), the probability of a value up to x. Relatively within about 1e-15 for x > −8, absolutely everywhere.
    ///
    /// Method: Moshier's Cephes library (`ndtr.c`).
    static func cumulative(_ x: Double) -> Double {
        let scaled = x * 0.70710678118654752440
        let size = abs(scaled)
        if size < 1 { return 0.5 + 0.5 * errorFunction(scaled) }
        // Nothing is left of the tail there, and the powers below would overflow further out.
        if size > 30 { return x > 0 ? 1 : 0 }
        let tail = 0.5 * complementaryErrorFunction(size)
        return x > 0 ? 1 - tail : tail
    }

    /// erf(x) for |x| ≤ 1.
    private static func errorFunction(_ x: Double) -> Double {
        let z = x * x
        let t0 = 9.60497373987051638749 * z + 9.00260197203842689217e1
        let t1 = (t0 * z + 2.23200534594684319226e3) * z + 7.00332514112805075473e3
        let u0 = (z + 3.35617141647503099647e1) * z + 5.21357949780152679795e2
        let u1 = (u0 * z + 4.59432382970980127987e3) * z + 2.26290000613890934246e4
        return x * (t1 * z + 5.55923013010394962768e4) / (u1 * z + 4.92673942608635921086e4)
    }

    /// erfc(x) for x ≥ 1.
    private static func complementaryErrorFunction(_ x: Double) -> Double {
        let envelope = exponential(-x * x)
        if x < 8 {
            let p = horner(
                x, 2.46196981473530512524e-10, 5.64189564831068821977e-1, 7.46321056442269912687,
                4.86371970985681366614e1, 1.96520832956077098242e2, 5.26445194995477358631e2,
                9.34528527171957607540e2, 1.02755188689515710272e3, 5.57535335369399327526e2)
            let q = horner(
                x, 1, 1.32281951154744992508e1, 8.67072140885989742329e1, 3.54937778887819891062e2,
                9.75708501743205489753e2, 1.82390916687909736289e3, 2.24633760818710981792e3,
                1.65666309194161350182e3, 5.57535340817727675546e2)
            return envelope * p / q
        }
        let r = horner(
            x, 0, 0, 0, 5.64189583547755073984e-1, 1.27536670759978104416, 5.01905042251180477414,
            6.16021097993053585195, 7.40974269950448939160, 2.97886665372100240670)
        let s = horner(
            x, 0, 0, 1, 2.26052863220117276590, 9.39603524938001434673, 1.20489539808096656605e1,
            1.70814450747565897222e1, 9.60896809063285878198, 3.36907645100081516050)
        return envelope * r / s
    }

    @inline(__always)
    private static func horner(
        _ x: Double, _ c8: Double, _ c7: Double, _ c6: Double, _ c5: Double, _ c4: Double, _ c3: Double, _ c2: Double,
        _ c1: Double, _ c0: Double
    ) -> Double {
        let high = ((c8 * x + c7) * x + c6) * x + c5
        return (((high * x + c4) * x + c3) * x + c2) * x * x + c1 * x + c0
    }
}
