// Goal: the hashes are the published ones, whatever the length and however the bytes are cut. Method: vectors of the xxHash
// and SHA-2 specifications, and equality over every split of a buffer.
import Hashing
import Testing

@Suite struct XXH3Tests {
    @Test func publishedVectors() {
        #expect(XXH3.hash64([UInt8]()) == 0x2d06_8005_38d3_94c2)
        #expect(XXH3.hash64("abc") == 0x78af_5f94_892f_3950)
    }

    @Test func textBytesAndRangesAgree() {
        let text = String(repeating: "millrace äöü ", count: 40)
        let bytes = Array(text.utf8)
        #expect(XXH3.hash64(text) == XXH3.hash64(bytes))
        let padded = [9] + bytes + [9]
        #expect(XXH3.hash64(padded, in: 1..<padded.count - 1) == XXH3.hash64(bytes))
        #expect(XXH3.hash64(bytes, seed: 1) != XXH3.hash64(bytes))
    }

    @Test func everyFlippedBitChangesTheHash() {
        var bytes = (0..<97).map { UInt8($0) }
        let hash = XXH3.hash64(bytes)
        for bit in 0..<bytes.count * 8 {
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(XXH3.hash64(bytes) != hash)
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        }
    }
}

@Suite struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func publishedVectors(text: String, digest: String) {
        #expect(SHA256.hex(Array(text.utf8)) == digest)
    }

    @Test func piecesDoNotMatter() {
        let bytes = (0..<200).map { UInt8($0) }
        for cut in 0...bytes.count {
            var digest = SHA256()
            digest.update(Array(bytes[..<cut]))
            digest.update(Array(bytes[cut...]))
            #expect(digest.finishHex() == SHA256.hex(bytes))
        }
    }

    @Test func hexadecimalKeepsLeadingZeros() {
        #expect(hexadecimal([0, 1, 0xab, 0xff]) == "0001abff")
    }
}
