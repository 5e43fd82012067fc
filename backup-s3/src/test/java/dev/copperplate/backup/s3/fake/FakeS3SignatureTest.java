package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.testkit.s3.FakeS3;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Who may ask, and whether what arrives is what was signed. */
class FakeS3SignatureTest extends FakeS3Suite {

  private static final Map<String, String> NO_HEADERS = Map.of();

  private RawS3 raw;
  private volatile InstantSource now = InstantSource.system();

  @BeforeEach
  void makeBucket() {
    fake.createBucket(BUCKET);
    raw = new RawS3(fake);
  }

  private static void assertCode(int status, String code, HttpResponse<String> response) {
    assertTrue(response.body().contains("<Code>" + code + "</Code>"), response.body());
    assertEquals(status, response.statusCode());
  }

  @Test
  void aWrongSecretIsNoticed() {
    try (S3Client other = S3Clients.of(fake, fake.accessKey(), "wrong").build()) {
      assertRefused(403, "SignatureDoesNotMatch", () -> other.listBuckets());
    }
  }

  @Test
  void anUnknownKeyIsNamed() {
    try (S3Client other = S3Clients.of(fake, "AKIANOBODY", "wrong").build()) {
      assertRefused(403, "InvalidAccessKeyId", () -> other.listBuckets());
    }
  }

  @Test
  void nobodyIsNotAllowedIn() throws Exception {
    RawS3.Signed unsigned =
        new RawS3.Signed("GET", fake.endpoint().resolve("/orders/k"), NO_HEADERS);

    assertCode(403, "AccessDenied", raw.send(unsigned, ""));
  }

  @Test
  void aRequestForAnotherRegionLearnsTheRightOne() {
    try (S3Client other =
        S3Clients.of(fake, fake.accessKey(), fake.secretKey()).region(Region.EU_WEST_1).build()) {
      S3Exception refused =
          assertRefused(400, "AuthorizationHeaderMalformed", () -> other.listBuckets());
      assertTrue(refused.getMessage().contains("expecting 'us-east-1'"), refused.getMessage());
    }
  }

  @Test
  void whatWasChangedAfterSigningIsNoticed() throws Exception {
    RawS3.Signed signed = sign("PUT", "/orders/k", "content");

    RawS3.Signed otherKey =
        new RawS3.Signed("PUT", fake.endpoint().resolve("/orders/l"), signed.headers());
    assertCode(403, "SignatureDoesNotMatch", raw.send(otherKey, "content"));
    assertCode(400, "XAmzContentSHA256Mismatch", raw.send(signed, "CONTENT"));
    assertEquals(200, raw.send(signed, "content").statusCode());
  }

  private RawS3.Signed sign(String method, String path, String body) {
    return raw.signed(method, path, NO_HEADERS, body, fake.region(), fake.secretKey());
  }

  @Test
  void aHeaderThatNobodySignedIsRefused() throws Exception {
    RawS3.Signed signed = sign("PUT", "/orders/k", "content");
    signed.headers().put("x-amz-meta-added", "later");

    assertCode(403, "AccessDenied", raw.send(signed, "content"));
  }

  @Test
  void aBodyWithoutAHashIsRefused() throws Exception {
    RawS3.Signed signed = sign("GET", "/orders/k", "");
    signed.headers().remove("x-amz-content-sha256");

    assertCode(400, "InvalidRequest", raw.send(signed, ""));
  }

  @Test
  void chunksWithoutSignaturesAreComparedWithTheChecksumBehindThem() throws Exception {
    assertEquals(200, putInChunks("content").statusCode());
    assertEquals("content", get("k"));
    assertCode(400, "BadDigest", putInChunks("CONTENT"));
  }

  private HttpResponse<String> putInChunks(String sent) throws Exception {
    return raw.putWithUnsignedTrailer(
        "/orders/k", "content", framed -> framed.replace("content", sent));
  }

  @Test
  void onlyTheLastChunkMayBeSmall() throws Exception {
    RawS3.Signed unsigned = raw.unsigned("PUT", "/orders/k");
    assertEquals(200, raw.send(unsigned, "content").statusCode());

    HttpResponse<String> refused =
        raw.putWithUnsignedTrailer(
            "/orders/k", "content", framed -> framed.replace("7\r\ncontent", "1\r\na\r\n1\r\nb"));
    assertCode(403, "InvalidChunkSizeError", refused);
  }

  @Test
  void aClockThatIsOffByAQuarterOfAnHourIsNoticed() {
    for (long minutes : new long[] {-16, -14, 14, 16}) {
      InstantSource clock = () -> Instant.now().plus(Duration.ofMinutes(minutes));
      try (FakeS3 other = FakeS3.builder().signingClock(clock).start();
          S3Client asking = S3Clients.usual(other)) {
        if (Math.abs(minutes) > 15) {
          assertRefused(403, "RequestTimeTooSkewed", () -> asking.listBuckets());
        } else {
          asking.listBuckets();
        }
      }
    }
  }

  @Test
  void signaturesInParametersAreRefusedInsteadOfIgnored() throws Exception {
    RawS3.Signed presigned =
        new RawS3.Signed(
            "GET",
            fake.endpoint().resolve("/orders/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=9"),
            NO_HEADERS);

    assertCode(501, "NotImplemented", raw.send(presigned, ""));
  }

  /** The examples of AWS, with their keys, their day and their signatures. */
  private FakeS3 asInTheExamples() {
    now = () -> Instant.parse("2013-05-24T00:00:00Z");
    FakeS3 server = FakeS3.builder().signingClock(() -> now.instant()).start();
    server.user(
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        """
        {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
        """);
    server.createBucket("examplebucket");
    return server;
  }

  private static String send(FakeS3 server, byte[] request) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), server.endpoint().getPort())) {
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] head(String... lines) {
    return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, GET Bucket
   * lifecycle. The host of the example stands before the path, so that no bucket is named here.
   */
  @Test
  void theExampleOfAwsForAPlainRequestIsAccepted() throws Exception {
    try (FakeS3 server = asInTheExamples()) {
      byte[] request =
          head(
              "GET /?lifecycle HTTP/1.1",
              "Host: examplebucket.s3.amazonaws.com",
              "Connection: close",
              "x-amz-date: 20130524T000000Z",
              "x-amz-content-sha256:"
                  + " e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
              "Authorization: AWS4-HMAC-SHA256"
                  + " Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                  + "SignedHeaders=host;x-amz-content-sha256;x-amz-date,"
                  + "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
      String answer = send(server, request);
      assertTrue(answer.contains("<Code>NotImplemented</Code>"), answer);
    }
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html. */
  @Test
  void theExampleOfAwsForSignedChunksIsAccepted() throws Exception {
    try (FakeS3 server = asInTheExamples();
        S3Client asking = S3Clients.usual(server)) {
      String answer = send(server, signedChunks('a'));
      assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
      String other = send(server, signedChunks('b'));
      assertTrue(other.contains("<Code>SignatureDoesNotMatch</Code>"), other);
      now = InstantSource.system();
      assertEquals(
          "a".repeat(66560),
          asking
              .getObjectAsBytes(r -> r.bucket("examplebucket").key("chunkObject.txt"))
              .asUtf8String());
    }
  }

  private static byte[] signedChunks(char character) throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.write(
        head(
            "PUT /examplebucket/chunkObject.txt HTTP/1.1",
            "Host: s3.amazonaws.com",
            "Connection: close",
            "x-amz-date: 20130524T000000Z",
            "x-amz-storage-class: REDUCED_REDUNDANCY",
            "Authorization: AWS4-HMAC-SHA256"
                + " Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;"
                + "x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,"
                + "Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
            "x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            "Content-Encoding: aws-chunked",
            "x-amz-decoded-content-length: 66560",
            "Content-Length: 66824"));
    chunk(
        request,
        "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        Character.toString(character).repeat(65536));
    chunk(
        request,
        "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "a".repeat(1024));
    chunk(
        request,
        "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
        "");
    return request.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream request, String head, String content)
      throws IOException {
    request.write((head + "\r\n" + content + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html. */
  @Test
  void theExampleOfAwsForATrailerIsAccepted() throws Exception {
    try (FakeS3 server = asInTheExamples()) {
      String answer = send(server, signedTrailer("sOO8/Q=="));
      assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
      String other = send(server, signedTrailer("AAAAAA=="));
      assertTrue(other.contains("<Code>SignatureDoesNotMatch</Code>"), other);
    }
  }

  private static byte[] signedTrailer(String checksum) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    chunk(
        body,
        "10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "a".repeat(65536));
    chunk(
        body,
        "400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "a".repeat(1024));
    body.write(
        head(
            "0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
            "x-amz-checksum-crc32c:" + checksum,
            "x-amz-trailer-signature:"
                + "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"));
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.write(
        head(
            "PUT /examplebucket/chunkObject.txt HTTP/1.1",
            "Host: s3.amazonaws.com",
            "Connection: close",
            "x-amz-date: 20130524T000000Z",
            "x-amz-storage-class: REDUCED_REDUNDANCY",
            "Authorization: AWS4-HMAC-SHA256"
                + " Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=content-encoding;host;x-amz-content-sha256;x-amz-date;"
                + "x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer,"
                + "Signature=106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
            "x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            "Content-Encoding: aws-chunked",
            "x-amz-decoded-content-length: 66560",
            "x-amz-trailer: x-amz-checksum-crc32c",
            "Content-Length: " + body.size()));
    request.writeBytes(body.toByteArray());
    return request.toByteArray();
  }
}
