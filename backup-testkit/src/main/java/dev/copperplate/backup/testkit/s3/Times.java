package dev.copperplate.backup.testkit.s3;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** The two forms in which times travel. */
final class Times {

  private static final DateTimeFormatter XML =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter HTTP =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private Times() {}

  static String xml(Instant time) {
    return XML.format(time);
  }

  static String http(Instant time) {
    return HTTP.format(time);
  }

  /** Of a document or of a header of Object Lock. */
  static Instant parse(String name, String text) {
    try {
      return OffsetDateTime.parse(text.strip()).toInstant();
    } catch (DateTimeException e) {
      throw S3Error.invalidArgument("The date must be in ISO 8601 format", name, text);
    }
  }

  /** Of a header of HTTP; one that cannot be read is as if it were not there. */
  static Optional<Instant> parseHttp(String text) {
    try {
      return Optional.of(Instant.from(HTTP.parse(text.strip())));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
