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
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
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

  /** The headers of a signed request, to be sent as they are or changed before. */
  Signed signed(
      String method,
      String pathAndQuery,
      Map<String, String> headers,
      String body,
      String region,
      String secret) {
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(method))
            .uri(fake.endpoint().resolve(pathAndQuery));
    headers.forEach(request::putHeader);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    SignedRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                sign ->
                    sign.identity(AwsCredentialsIdentity.create(fake.accessKey(), secret))
                        .request(request.build())
                        .payload(() -> new ByteArrayInputStream(bytes))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false));
    Map<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    signed.request().headers().forEach((name, values) -> sent.put(name, values.get(0)));
    sent.keySet().removeIf(name -> SENT_BY_ITSELF.contains(name.toLowerCase(Locale.ROOT)));
    return new Signed(method, fake.endpoint().resolve(pathAndQuery), sent);
  }

  /** What is to be sent; the headers may be changed. */
  record Signed(String method, URI uri, Map<String, String> headers) {}

  /** Puts with the chunks of HTTP, and without a length. */
  HttpResponse<String> sendChunked(String path, String body)
      throws IOException, InterruptedException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Signed signed = signed("PUT", path, Map.of(), body, fake.region(), fake.secretKey());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(signed.uri())
            .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)));
    signed.headers().forEach(request::header);
    return http.send(request.build(), BodyHandlers.ofString());
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
}
