package dev.copperplate.backup.s3.fake;

import dev.copperplate.backup.testkit.s3.FakeS3;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.checksums.DefaultChecksumAlgorithm;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Requests that the SDK would not make, signed by its signer. */
final class RawS3 {

  private static final Set<String> SENT_BY_ITSELF = Set.of("host", "content-length", "expect");

  private final FakeS3 fake;
  private final HttpClient http = HttpClient.newHttpClient();

  RawS3(FakeS3 fake) {
    this.fake = fake;
  }

  /** What is to be sent; the headers may be changed. */
  record Signed(String method, URI uri, Map<String, String> headers) {}

  /** Signs as the owner, for the region of the server. */
  HttpResponse<String> send(
      String method, String pathAndQuery, Map<String, String> headers, String body)
      throws IOException, InterruptedException {
    return send(signed(method, pathAndQuery, headers, body, fake.region(), fake.secretKey()), body);
  }

  HttpResponse<String> send(String method, String pathAndQuery)
      throws IOException, InterruptedException {
    return send(method, pathAndQuery, Map.of(), "");
  }

  /** A request with a body of its own. */
  Signed signed(
      String method,
      String pathAndQuery,
      Map<String, String> headers,
      String body,
      String region,
      String secret) {
    return sent(sign(request(method, pathAndQuery, headers, body, region, secret).build()));
  }

  /** A request whose body may be any. */
  Signed unsigned(String method, String pathAndQuery) {
    return sent(sign(overTls(method, pathAndQuery, "").build()));
  }

  /** A put in chunks without signatures, with a checksum behind them, and changed on the way. */
  HttpResponse<String> putWithUnsignedTrailer(
      String path, String content, UnaryOperator<String> onTheWay)
      throws IOException, InterruptedException {
    SignedRequest signed =
        sign(
            overTls("PUT", path, content)
                .putProperty(AwsV4HttpSigner.CHUNK_ENCODING_ENABLED, true)
                .putProperty(AwsV4HttpSigner.CHECKSUM_ALGORITHM, DefaultChecksumAlgorithm.CRC32)
                .build());
    byte[] framed = signed.payload().orElseThrow().newStream().readAllBytes();
    String body = onTheWay.apply(new String(framed, StandardCharsets.UTF_8));
    return send(sent(signed), body);
  }

  private SignRequest.Builder<AwsCredentialsIdentity> request(
      String method,
      String pathAndQuery,
      Map<String, String> headers,
      String body,
      String region,
      String secret) {
    return request("http", method, pathAndQuery, headers, body, region, secret);
  }

  /** The signer leaves a body unsigned only where TLS protects it; the signature is the same. */
  private SignRequest.Builder<AwsCredentialsIdentity> overTls(
      String method, String pathAndQuery, String body) {
    return request("https", method, pathAndQuery, Map.of(), body, fake.region(), fake.secretKey())
        .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false);
  }

  private SignRequest.Builder<AwsCredentialsIdentity> request(
      String protocol,
      String method,
      String pathAndQuery,
      Map<String, String> headers,
      String body,
      String region,
      String secret) {
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(method))
            .uri(fake.endpoint().resolve(pathAndQuery))
            .protocol(protocol);
    headers.forEach(request::putHeader);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return SignRequest.builder(AwsCredentialsIdentity.create(fake.accessKey(), secret))
        .request(request.build())
        .payload(() -> new ByteArrayInputStream(bytes))
        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false);
  }

  private static SignedRequest sign(SignRequest<AwsCredentialsIdentity> request) {
    return AwsV4HttpSigner.create().sign(request);
  }

  private Signed sent(SignedRequest signed) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    signed.request().headers().forEach((name, values) -> headers.put(name, values.get(0)));
    headers.keySet().removeIf(name -> SENT_BY_ITSELF.contains(name.toLowerCase(Locale.ROOT)));
    URI asked = signed.request().getUri();
    String query = asked.getRawQuery() == null ? "" : '?' + asked.getRawQuery();
    URI uri = fake.endpoint().resolve(asked.getRawPath() + query);
    return new Signed(signed.request().method().name(), uri, headers);
  }

  HttpResponse<String> send(Signed signed, String body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(signed.uri())
            .method(
                signed.method(),
                body.isEmpty() && signed.method().equals("GET")
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(body));
    signed.headers().forEach(request::header);
    return http.send(request.build(), BodyHandlers.ofString());
  }

  /** Puts with the chunks of HTTP, and without a length. */
  HttpResponse<String> sendChunked(String path, String body)
      throws IOException, InterruptedException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Signed signed = unsigned("PUT", path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(signed.uri())
            .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)));
    signed.headers().forEach(request::header);
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
