package dev.copperplate.backup.testkit.s3;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks signatures of <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">version
 * 4</a> in headers. Thread-safe.
 */
final class Signature {

  private static final Duration MOST_SKEW = Duration.ofMinutes(15);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Map<String, User> users;
  private final String region;
  private final InstantSource clock;

  Signature(Map<String, User> users, String region, InstantSource clock) {
    this.users = users;
    this.region = region;
    this.clock = clock;
  }

  /** Null for a request that nobody signed. */
  @Nullable Signed check(Request request) {
    if (request.query().has("X-Amz-Algorithm") || request.query().has("AWSAccessKeyId")) {
      throw S3Error.notImplemented("signatures in parameters");
    }
    String header = request.header("authorization");
    return header == null ? null : check(request, Authorization.parse(header));
  }

  private Signed check(Request request, Authorization authorization) {
    String date = request.header("x-amz-date", "");
    checkDate(date, authorization.day());
    checkScope(authorization);
    if (!request.hasHeader("x-amz-content-sha256")) {
      throw S3Error.invalidRequest(
          "Missing required header for this request: x-amz-content-sha256");
    }
    User user = users.get(authorization.accessKey());
    if (user == null) {
      throw new S3Error(
              403,
              "InvalidAccessKeyId",
              "The AWS Access Key Id you provided does not exist in our records.")
          .detail("AWSAccessKeyId", authorization.accessKey());
    }
    checkHeaders(request, authorization.signedHeaders());
    String canonical = canonical(request, authorization.signedHeaders());
    String scope = authorization.scope();
    String text =
        String.join(
            "\n",
            Authorization.ALGORITHM,
            date,
            scope,
            Digests.sha256(canonical.getBytes(StandardCharsets.ISO_8859_1)));
    byte[] key = Signed.key(user.secretKey(), scope);
    if (!Signed.sign(key, text).equals(authorization.signature())) {
      throw doesNotMatch()
          .detail("AWSAccessKeyId", user.accessKey())
          .detail("StringToSign", text)
          .detail("SignatureProvided", authorization.signature())
          .detail("CanonicalRequest", canonical);
    }
    return new Signed(user, key, date, scope, authorization.signature());
  }

  static S3Error doesNotMatch() {
    return new S3Error(
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your"
            + " key and signing method.");
  }

  private void checkDate(String date, String day) {
    Instant signed;
    try {
      signed = Instant.from(DATE.parse(date));
    } catch (DateTimeException e) {
      throw S3Error.accessDenied("AWS authentication requires a valid Date or x-amz-date header");
    }
    if (!date.startsWith(day)) {
      throw Authorization.malformed(
          "Invalid credential date \"" + day + "\". This date is not the same as X-Amz-Date.");
    }
    Instant now = clock.instant();
    if (Duration.between(signed, now).abs().compareTo(MOST_SKEW) > 0) {
      throw new S3Error(
              403,
              "RequestTimeTooSkewed",
              "The difference between the request time and the current time is too large.")
          .detail("RequestTime", date)
          .detail("ServerTime", Times.xml(now))
          .detail("MaxAllowedSkewMilliseconds", Long.toString(MOST_SKEW.toMillis()));
    }
  }

  private void checkScope(Authorization authorization) {
    if (!authorization.service().equals("s3")) {
      throw Authorization.malformed(
          "incorrect service \""
              + authorization.service()
              + "\". This endpoint belongs to \"s3\".");
    }
    if (!authorization.region().equals(region)) {
      throw Authorization.malformed(
              "the region '" + authorization.region() + "' is wrong; expecting '" + region + "'")
          .detail("Region", region)
          .header("x-amz-bucket-region", region);
    }
  }

  private static void checkHeaders(Request request, List<String> signed) {
    List<String> unsigned =
        request.headers().keySet().stream()
            .filter(name -> name.equals("host") || name.startsWith("x-amz-"))
            .filter(name -> !signed.contains(name))
            .collect(Collectors.toList());
    if (!unsigned.isEmpty()) {
      throw S3Error.accessDenied("There were headers present in the request which were not signed")
          .detail("HeadersNotSigned", String.join(", ", unsigned));
    }
  }

  private static String canonical(Request request, List<String> signed) {
    StringBuilder canonical = new StringBuilder();
    canonical.append(request.method()).append('\n');
    canonical.append(UriText.encode(request.path(), "/")).append('\n');
    canonical.append(request.query().canonical()).append('\n');
    for (String name : signed) {
      List<String> values = request.headers().getOrDefault(name, List.of());
      String joined =
          values.stream()
              .map(value -> value.strip().replaceAll(" +", " "))
              .collect(Collectors.joining(","));
      canonical.append(name).append(':').append(joined).append('\n');
    }
    canonical.append('\n').append(String.join(";", signed)).append('\n');
    return canonical.append(request.header("x-amz-content-sha256")).toString();
  }
}
