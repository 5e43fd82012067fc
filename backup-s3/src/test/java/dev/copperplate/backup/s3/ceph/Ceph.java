package dev.copperplate.backup.s3.ceph;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * A real S3 server: Ceph's gateway in front of a monitor and one disk, all on loopback. The first
 * test that asks for it starts it, which takes about ten seconds; it serves every test of the JVM
 * and is gone with the JVM, even with one that was killed.
 *
 * <p>Its programs are those in the folder that {@code CEPH_BIN} names, else those on the search
 * path. Where they are not installed, tests that ask for it are skipped; with {@code CI=true} they
 * fail instead.
 *
 * <p>Safe for use by several threads. Buckets are the caller's and never removed.
 */
public final class Ceph {

  private static final int NOT_INSTALLED = 77;

  private static final AtomicInteger NAMES = new AtomicInteger();

  private final CephScript script;
  private final Path folder;
  private final Properties properties;
  private final S3Client client;

  private Ceph(CephScript script, Path folder, Properties properties) {
    this.script = script;
    this.folder = folder;
    this.properties = properties;
    this.client = client(owner());
  }

  /** The one of this JVM. */
  public static Ceph require() {
    return Shared.CEPH.orElseGet(Ceph::absent);
  }

  private static Ceph absent() {
    String message =
        "No Ceph: install ceph-mon, ceph-osd, radosgw and ceph-common, or set CEPH_BIN";
    return Boolean.parseBoolean(System.getenv("CI")) ? fail(message) : abort(message);
  }

  private static Optional<Ceph> start() {
    try {
      CephScript script = CephScript.ofThisModule();
      Path folder = script.newFolder();
      // Also when it does not start: what was left is removed.
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(script, folder), "stop-ceph"));
      String parent = Long.toString(ProcessHandle.current().pid());
      CephScript.Result started = script.run("start", "--parent", parent, folder.toString());
      if (started.status() == NOT_INSTALLED) {
        return Optional.empty();
      }
      started.orThrow();
      return Optional.of(new Ceph(script, folder, read(folder.resolve("s3.properties"))));
    } catch (IOException e) {
      throw new IllegalStateException("Ceph cannot be started", e);
    }
  }

  private static void stop(CephScript script, Path folder) {
    try {
      script.run("stop", folder.toString()).orThrow();
    } catch (IOException e) {
      throw new IllegalStateException("Ceph still runs below " + folder, e);
    }
  }

  private static Properties read(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file)) {
      return read(reader);
    }
  }

  private static Properties read(Reader reader) throws IOException {
    Properties properties = new Properties();
    properties.load(reader);
    return properties;
  }

  /** Where it speaks S3: plain HTTP on a loopback address. */
  public URI endpoint() {
    return URI.create(properties.getProperty("endpoint"));
  }

  /** The region of all requests. */
  public Region region() {
    return Region.of(properties.getProperty("region"));
  }

  /** Such as {@code 16.2.15}. */
  public String version() {
    return properties.getProperty("version");
  }

  /** Who owns every bucket of {@link #bucket} and {@link #lockedBucket}. */
  public AwsCredentials owner() {
    return credentials(properties, "accessKey", "secretKey");
  }

  /**
   * The user {@code stranger}: may touch nothing of the owner's unless a bucket's policy says so.
   */
  public AwsCredentials stranger() {
    return credentials(properties, "strangerAccessKey", "strangerSecretKey");
  }

  /** Makes one more user, who owns nothing. Takes about a second. */
  public AwsCredentials user(String name) throws IOException {
    String output = script.run("user", folder.toString(), name).orThrow();
    return credentials(read(new StringReader(output)), "accessKey", "secretKey");
  }

  private static AwsCredentials credentials(Properties properties, String access, String secret) {
    return AwsBasicCredentials.create(
        properties.getProperty(access), properties.getProperty(secret));
  }

  /** Runs radosgw-admin and returns what it printed. Takes about a second. */
  public String admin(String... arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of("admin", folder.toString()));
    words.addAll(List.of(arguments));
    return script.run(words.toArray(String[]::new)).orThrow();
  }

  /** The owner's client, shared and not to be closed: its failures are not repeated. */
  public S3Client client() {
    return client;
  }

  /** A client of somebody else's, for the caller to close. */
  public S3Client client(AwsCredentials credentials) {
    return builder(credentials).build();
  }

  /**
   * Such a client's settings, for those who need others. Bodies are hashed before they are sent,
   * not in chunks: this gateway refuses empty bodies in chunks.
   */
  public S3ClientBuilder builder(AwsCredentials credentials) {
    return S3Client.builder()
        .endpointOverride(endpoint())
        .region(region())
        .forcePathStyle(true)
        .serviceConfiguration(each -> each.chunkedEncodingEnabled(false))
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .httpClientBuilder(Apache5HttpClient.builder())
        .overrideConfiguration(each -> each.retryStrategy(AwsRetryStrategy.doNotRetry()));
  }

  /** Makes an empty bucket, without versions. */
  public String bucket() {
    String name = nextName();
    client.createBucket(each -> each.bucket(name));
    return name;
  }

  /** Makes an empty bucket with versions and Object Lock, without a default retention. */
  public String lockedBucket() {
    String name = nextName();
    client.createBucket(each -> each.bucket(name).objectLockEnabledForBucket(true));
    return name;
  }

  private static String nextName() {
    return "bucket-" + NAMES.incrementAndGet();
  }

  /** Waits for nobody until somebody asks. */
  private static final class Shared {
    static final Optional<Ceph> CEPH = start();
  }
}
