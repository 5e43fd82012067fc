package dev.copperplate.backup.repository.format;

/** Key and config of an empty repository that restic 0.18.0 made and nobody kept. */
final class KnownKey {

  static final String PASSWORD = "open sesame";

  static final String JSON =
      "{\"created\":\"2026-11-20T15:31:43.508981803Z\",\"username\":\"root\",\"hostname"
          + "\":\"vm\",\"kdf\":\"scrypt\",\"N\":32768,\"r\":8,\"p\":1,\"salt\":\"oMFT+PGCgmc5"
          + "VDVnUwE+sFh3yhoRCq/F8VSPFZBMgOzA56vLfD8y9qvCKeqSSi2IswFM70G351pISeq9dbiDVQ==\","
          + "\"data\":\"7eA7A+FGneW3EefmhUiRBER8GCE5g8YnVsRyt1apvh0dV23mS+TBUn0XRQ3q8joT6XyuV"
          + "H+QJ843UYA1GkWBaM1uYFO9aeDx2lC0kSKy/fmHdZIxGdKqWVe+xT/YmDT/nF+7qawrw/LJAU2y8s9ko"
          + "E43XIT1XL1WShUpWP8eghz3D4UcTHvCrNF0I+11AWrCyXJ5Us1GJmpb0+Y1kFbSpQ==\"}";

  /** The stored file, in base64. */
  static final String CONFIG =
      "UFn985jGUV+7vRTxy4/2657iLsY7CeXVRhmv9cM44HsdTYAPVHym5Bf8vv0IlSIJjHBMmfqQWhHZEwf+"
          + "gAuCoeKVKjArOOQZRt0+amMcToaED5UT46HodXbOpf7Mw/qKbdmscSUhZKaDY0b0NIslhrRaM3XHZmyV"
          + "ilfcz0nWjmhx/iqC0iYQFhNMRJzZJiG+D6i1ri0tiCaIV9U=";

  private KnownKey() {}
}
