package dev.copperplate.backup.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Chooses how a bucket is used. Either by a client of the host, which stays the host's, or by one
 * that is built from what is said here and closed with the target; what belongs to a client cannot
 * be said beside one. Not thread-safe.
 */
public final class S3TargetBuilder {

  private static final Logger LOG = LoggerFactory.getLogger(S3TargetBuilder.class);

  private static final int MOST_CONNECTIONS = 1000;
  private static final int MOST_REQUESTS = 100_000;
  private static final Duration LONGEST = Duration.ofDays(1);

  private final S3Location location;
  private @Nullable S3Client client;
  private @Nullable URI endpoint;
  private @Nullable Region region;
  private @Nullable AwsCredentialsProvider credentials;
  private boolean pathStyle;
  private int connections = 16;
  private Duration connectTimeout = Duration.ofSeconds(10);
  private Duration silenceTimeout = Duration.ofSeconds(30);
  private boolean ofClient;

  private Duration requestTimeout = Duration.ofMinutes(5);
  private @Nullable ChecksumMode checksums;
  private LockMode lockMode = LockMode.COMPLIANCE;
  private Optional<String> dataClass = Optional.empty();
  private int requestsPerSecond;
  private boolean strict;

  S3TargetBuilder(S3Location location) {
    this.location = location;
  }

  /**
   * Uses a client of the host: it is not closed, and its own limits hold. Against a store that
   * refuses checksums that trail the content it needs {@code
   * RequestChecksumCalculation.WHEN_REQUIRED}, and for Ceph 16 {@code
   * chunkedEncodingEnabled(false)} besides.
   */
  public S3TargetBuilder client(S3Client hosts) {
    client = hosts;
    return this;
  }

  /** Where the store is, such as {@code https://minio.internal:9000}; without it AWS. */
  public S3TargetBuilder endpoint(URI address) {
    if (address.getHost() == null || address.getUserInfo() != null) {
      throw new IllegalArgumentException("An endpoint is a host, without credentials");
    }
    if (!"http".equals(address.getScheme()) && !"https".equals(address.getScheme())) {
      throw new IllegalArgumentException("Not an endpoint of http or https: " + address);
    }
    endpoint = address;
    return ofClient();
  }

  /** The region of the bucket; without it what the SDK finds in the surroundings. */
  public S3TargetBuilder region(String name) {
    region = Region.of(name);
    return ofClient();
  }

  /** Who asks; without it what the SDK finds in the surroundings. Asked again as they expire. */
  public S3TargetBuilder credentials(AwsCredentialsProvider provider) {
    credentials = provider;
    return ofClient();
  }

  /** Whether the bucket stands in the path and not in the name of the host. */
  public S3TargetBuilder pathStyle(boolean inPath) {
    pathStyle = inPath;
    return ofClient();
  }

  /** How many connections are open at most, 16 unless said; whoever wants one more waits. */
  public S3TargetBuilder connections(int most) {
    connections = within(1, most, MOST_CONNECTIONS);
    return ofClient();
  }

  /** How long a connection may take to be made, 10 seconds unless said. */
  public S3TargetBuilder connectTimeout(Duration longest) {
    connectTimeout = checked(longest);
    return ofClient();
  }

  /** How long a store may be silent in an answer, 30 seconds unless said. */
  public S3TargetBuilder silenceTimeout(Duration longest) {
    silenceTimeout = checked(longest);
    return ofClient();
  }

  /**
   * How long one request may take with its content, and reading an answer may wait for the store; 5
   * minutes unless said.
   */
  public S3TargetBuilder requestTimeout(Duration longest) {
    requestTimeout = checked(longest);
    return this;
  }

  /** Unless said, the SDK's checksum for AWS and {@code Content-MD5} for any other endpoint. */
  public S3TargetBuilder checksums(ChecksumMode mode) {
    checksums = mode;
    return this;
  }

  /** Who can take back a retention; nobody unless said. */
  public S3TargetBuilder lockMode(LockMode mode) {
    lockMode = mode;
    return this;
  }

  /**
   * The storage class of packs, such as {@code STANDARD_IA}; without it the bucket's own.
   * Everything else stays in the bucket's own, because every opening reads it.
   */
  public S3TargetBuilder dataClass(String storageClass) {
    if (storageClass.isBlank()) {
      throw new IllegalArgumentException("Not a storage class: an empty one");
    }
    dataClass = Optional.of(storageClass);
    return this;
  }

  /** How many requests are begun in a second at most; no limit unless said. */
  public S3TargetBuilder requestsPerSecond(int most) {
    requestsPerSecond = within(1, most, MOST_REQUESTS);
    return this;
  }

  /** Refuses what is otherwise warned of: plain {@code http} to another machine. */
  public S3TargetBuilder strict(boolean refusing) {
    strict = refusing;
    return this;
  }

  private static int within(int least, int value, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException("Not " + least + " to " + most + ": " + value);
    }
    return value;
  }

  private static Duration checked(Duration longest) {
    if (longest.isNegative() || longest.isZero() || longest.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("Not a time of at most a day: " + longest);
    }
    return longest;
  }

  private S3TargetBuilder ofClient() {
    ofClient = true;
    return this;
  }

  /**
   * The target. Nothing is asked of the store yet.
   *
   * @throws IllegalArgumentException if there is a client of the host, and something was said that
   *     belongs to a client; if strict and the endpoint is plain {@code http} to another machine;
   *     if there is no region, neither said nor in the surroundings
   */
  public S3Target build() {
    if (client != null && ofClient) {
      throw new IllegalArgumentException(
          "A client of the host has its own endpoint, region, credentials and connections");
    }
    Optional<URI> address =
        client == null
            ? Optional.ofNullable(endpoint)
            : client.serviceClientConfiguration().endpointOverride();
    address.ifPresent(this::requireProtection);
    S3Settings settings =
        new S3Settings(location, checksums(address), lockMode, dataClass, requestTimeout);
    RequestRate rate = new RequestRate(requestsPerSecond);
    return client == null
        ? new S3Target(newClient(settings.checksums()), true, settings, rate)
        : new S3Target(client, false, settings, rate);
  }

  private ChecksumMode checksums(Optional<URI> address) {
    if (checksums != null) {
      return checksums;
    }
    return address.isEmpty() ? ChecksumMode.TRAILER : ChecksumMode.CONTENT_MD5;
  }

  private void requireProtection(URI address) {
    if (!TransportCheck.isOpen(address)) {
      return;
    }
    String what = address + " is plain http: whoever listens learns names, sizes and times";
    if (strict) {
      throw new IllegalArgumentException(what + ". Give an endpoint of https");
    }
    LOG.warn("{}", what);
  }

  private S3Client newClient(ChecksumMode mode) {
    Apache5HttpClient.Builder http =
        Apache5HttpClient.builder()
            .maxConnections(connections)
            .connectionTimeout(connectTimeout)
            .socketTimeout(silenceTimeout)
            .connectionAcquisitionTimeout(requestTimeout);
    S3ClientBuilder builder =
        S3Client.builder()
            // A client that is given is not closed with its user, one that is built is.
            .httpClientBuilder(
                defaults -> new InterruptibleHttpClient(http.buildWithDefaults(defaults)))
            .forcePathStyle(pathStyle)
            .overrideConfiguration(each -> each.retryStrategy(AwsRetryStrategy.doNotRetry()));
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    if (region != null) {
      builder.region(region);
    }
    if (credentials != null) {
      builder.credentialsProvider(credentials);
    }
    if (mode == ChecksumMode.CONTENT_MD5) {
      builder
          // Content that is signed in pieces is refused by Ceph where there is none.
          .serviceConfiguration(each -> each.chunkedEncodingEnabled(false))
          .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
          .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
          .addPlugin(LegacyMd5Plugin.create());
    }
    return built(builder);
  }

  private static S3Client built(S3ClientBuilder builder) {
    try {
      return builder.build();
    } catch (SdkClientException e) {
      // What is said is whole, so something is missing that the SDK looked for in the surroundings.
      throw new IllegalArgumentException(
          "No client can be made: " + e.getMessage() + ". Give a region", e);
    }
  }
}
