package dev.copperplate.backup.testkit.s3;

import java.nio.charset.StandardCharsets;

/** The signatures of chunks: each covers the one before it, the first the request's own. */
final class ChunkSignatures {

  private static final String EMPTY = Digests.sha256(new byte[0]);

  private final Signed signed;
  private String previous;

  ChunkSignatures(Signed signed) {
    this.signed = signed;
    this.previous = signed.signature();
  }

  void check(byte[] chunk, String signature) {
    check("AWS4-HMAC-SHA256-PAYLOAD", EMPTY + '\n' + Digests.sha256(chunk), signature);
  }

  void checkTrailer(String canonical, String signature) {
    byte[] bytes = canonical.getBytes(StandardCharsets.ISO_8859_1);
    check("AWS4-HMAC-SHA256-TRAILER", Digests.sha256(bytes), signature);
  }

  private void check(String algorithm, String hashes, String signature) {
    String text = String.join("\n", algorithm, signed.date(), signed.scope(), previous, hashes);
    if (!Signed.sign(signed.key(), text).equals(signature)) {
      throw Signature.doesNotMatch();
    }
    previous = signature;
  }
}
