package dev.copperplate.backup.testkit.s3;

import java.nio.charset.StandardCharsets;

/**
 * What is known of a request whose signature is right.
 *
 * @param key made of the secret, the day, the region and the service
 * @param scope {@code 20261126/us-east-1/s3/aws4_request}
 */
record Signed(User user, byte[] key, String date, String scope, String signature) {

  static byte[] key(String secret, String scope) {
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/", -1)) {
      key = Digests.hmac(key, part.getBytes(StandardCharsets.UTF_8));
    }
    return key;
  }

  static String sign(byte[] key, String text) {
    return Digests.hex(Digests.hmac(key, text.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
