package dev.copperplate.backup.kafka.preflight;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/** What client properties say of who can read along. Holds no values of them. */
enum Protection {
  /** Nobody who is not meant can. */
  WHOLE("", ""),
  CLEAR(
      "security.protocol=PLAINTEXT sends every record in clear",
      "# use a listener with TLS: security.protocol=SSL or SASL_SSL"),
  CLEAR_LOGIN(
      "security.protocol=SASL_PLAINTEXT sends every record in clear",
      "# use a listener with TLS: security.protocol=SASL_SSL"),
  CLEAR_PASSWORD(
      "security.protocol=SASL_PLAINTEXT sends every record in clear, and with this sasl.mechanism"
          + " the secret of the login as well",
      "# use a listener with TLS: security.protocol=SASL_SSL; then change the secret"),
  UNNAMED(
      "ssl.endpoint.identification.algorithm is empty: whoever has a certificate of a trusted"
          + " authority can answer in the place of the broker",
      "# leave ssl.endpoint.identification.algorithm away, and give the brokers certificates with"
          + " their names");

  private final String consequence;
  private final String remedy;

  Protection(String consequence, String remedy) {
    this.consequence = consequence;
    this.remedy = remedy;
  }

  static Protection of(Map<String, Object> properties) {
    String protocol =
        text(properties, CommonClientConfigs.SECURITY_PROTOCOL_CONFIG)
            .orElse(CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL)
            .toUpperCase(Locale.ROOT);
    return switch (protocol) {
      case "PLAINTEXT" -> CLEAR;
      case "SASL_PLAINTEXT" -> hidesSecret(properties) ? CLEAR_LOGIN : CLEAR_PASSWORD;
      default ->
          text(properties, SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG)
                  .filter(String::isEmpty)
                  .isPresent()
              ? UNNAMED
              : WHOLE;
    };
  }

  /** PLAIN sends the password, OAUTHBEARER the token. */
  private static boolean hidesSecret(Map<String, Object> properties) {
    String mechanism =
        text(properties, SaslConfigs.SASL_MECHANISM).orElse(SaslConfigs.DEFAULT_SASL_MECHANISM);
    return mechanism.startsWith("SCRAM-") || mechanism.equals("GSSAPI");
  }

  private static Optional<String> text(Map<String, Object> properties, String name) {
    return Optional.ofNullable(properties.get(name)).map(each -> each.toString().strip());
  }

  String consequence() {
    return consequence;
  }

  String remedy() {
    return remedy;
  }
}
