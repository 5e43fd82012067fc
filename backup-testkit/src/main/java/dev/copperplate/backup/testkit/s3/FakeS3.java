package dev.copperplate.backup.testkit.s3;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * A server in this process that speaks the S3 protocol, over plain HTTP on a port of the loopback
 * interface, with buckets in memory. It is strict: signatures, digests, conditions, versions,
 * retention and policies count as they do at AWS, and what it does not know it refuses.
 *
 * <pre>
 * try (FakeS3 s3 = FakeS3.start()) {
 *   s3.createBucket("orders", BucketOptions.locked());
 *   s3.on(S3Calls.of("PutObject").nth(3), S3Fault.slowDown());
 *   … new S3Client at s3.endpoint(), path style, with s3.accessKey() and s3.secretKey() …
 * }
 * </pre>
 *
 * <p>Buckets are named in the path. Signatures stand in headers. Objects, and bodies as a whole,
 * are kept in memory, up to 512 MiB each. Times are whole seconds, as those of S3 are.
 *
 * <p>The system property {@code sun.net.httpserver.nodelay} is set, unless it is set already: small
 * answers would wait for acknowledgements of TCP, 40 ms each. The JDK reads it once, when the first
 * {@link HttpServer} of the process is made.
 *
 * <p>Thread-safe. Daemon threads called {@code fake-s3-…} answer.
 */
public final class FakeS3 implements AutoCloseable {

  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final String NODELAY = "sun.net.httpserver.nodelay";
  private static final String ACCESS_KEY = "AKIAFAKEOWNER0000000";
  private static final String SECRET_KEY = "fake/secret+of+the+owner/0123456789abcdef";

  private final HttpServer server;
  private final ExecutorService threads;
  private final Store store;
  private final ListingLag lag;
  private final Journal journal;
  private final Map<String, User> users = new ConcurrentHashMap<>();
  private final Faults faults = new Faults();
  private final KmsKeys keys = new KmsKeys();

  private FakeS3(Builder options) throws IOException {
    journal = new Journal();
    lag = new ListingLag(options.lag, journal::arrived);
    store = new Store(options.region, options.clock, options.oddities, lag);
    users.put(ACCESS_KEY, new User(ACCESS_KEY, SECRET_KEY, null));
    Signature signature = new Signature(users, options.region, options.signingClock);
    Service service = new Service(store, signature, keys);
    if (System.getProperty(NODELAY) == null) {
      System.setProperty(NODELAY, "true");
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), 0), 0);
    threads = Executors.newFixedThreadPool(options.threads, named());
    server.setExecutor(threads);
    server.createContext("/", new Front(service, journal, faults));
    server.start();
  }

  private static ThreadFactory named() {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "fake-s3-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Starts a server as AWS has it, in the region us-east-1. */
  public static FakeS3 start() {
    return builder().start();
  }

  /** Begins to say what is different. */
  public static Builder builder() {
    return new Builder();
  }

  /** Where it listens: a URI without a path. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The region that requests have to be signed for. */
  public String region() {
    return store.region();
  }

  /** Of the owner of all buckets, who may do everything. */
  public String accessKey() {
    return ACCESS_KEY;
  }

  /** Of the owner of all buckets. */
  public String secretKey() {
    return SECRET_KEY;
  }

  /**
   * Adds a user, or gives one another policy.
   *
   * @param policy in the JSON of IAM: Effect, Action, Resource, and the conditions {@code
   *     s3:prefix}, {@code s3:object-lock-remaining-retention-days}, {@code s3:object-lock-mode}
   *     and {@code aws:SecureTransport}
   * @throws IllegalArgumentException for a policy that holds anything else: nothing is ignored
   */
  public void user(String accessKey, String secretKey, String policy) {
    if (accessKey.isEmpty() || secretKey.isEmpty() || accessKey.equals(ACCESS_KEY)) {
      throw new IllegalArgumentException("A user needs keys of its own: " + accessKey);
    }
    PolicyDocument document = PolicyDocument.parse(policy);
    if (document.statements().stream().anyMatch(each -> !each.principals().isEmpty())) {
      throw new IllegalArgumentException("The policy of a user names no principal");
    }
    users.put(accessKey, new User(accessKey, secretKey, document));
  }

  /** Makes a bucket, in the region of the server unless the options say otherwise. */
  public void createBucket(String name, BucketOptions options) {
    if (!BucketName.isOne(name)) {
      throw new IllegalArgumentException("No name of a bucket: " + name);
    }
    String region = options.region() == null ? store.region() : options.region();
    Bucket bucket = new Bucket(name, region, store.now());
    options.applyTo(bucket.settings());
    if (store.create(bucket) != null) {
      throw new IllegalArgumentException("There is a bucket " + name + " already");
    }
  }

  /** Makes a bucket without versions and locks. */
  public void createBucket(String name) {
    createBucket(name, BucketOptions.plain());
  }

  /** Makes a key of KMS known, by its ARN or id. Nothing is really encrypted. */
  public void kmsKey(String key) {
    keys.add(key);
  }

  /**
   * Puts many objects into a bucket at once, all with the same content: a million take about a
   * quarter of a gigabyte.
   *
   * @param keys by number, from 0
   * @param size in bytes; they are zeros
   */
  public void seed(String bucket, int count, IntFunction<String> keys, int size) {
    byte[] content = new byte[size];
    StoredObject object =
        new StoredObject(
            content,
            Digests.hex(Digests.md5(content)),
            Map.of("content-type", "binary/octet-stream"),
            StoredChecksum.unasked(content));
    Bucket seeded = store.bucket(bucket);
    synchronized (seeded) {
      for (int number = 0; number < count; number++) {
        seeded.add(keys.apply(number), store.version(seeded, object));
      }
    }
  }

  /**
   * Flips a bit of the newest version of an object for good, without telling: its tag and checksum
   * stay.
   */
  public void spoil(String bucket, String key, long bit) {
    Bucket spoilt = store.bucket(bucket);
    synchronized (spoilt) {
      StoredVersion version = spoilt.newest(key);
      if (version == null || version.isMarker() || version.object().content().length == 0) {
        throw new IllegalArgumentException("There is nothing to spoil at " + key);
      }
      version.setObject(version.object().spoilt(bit));
    }
  }

  /** The requests that have been answered, in the order of their ends. */
  public List<RecordedRequest> requests() {
    return journal.requests();
  }

  /** How many requests of an operation have been answered, whatever the answer. */
  public long count(String operation) {
    return requests().stream().filter(each -> each.operation().equals(operation)).count();
  }

  /** Empties the record of requests. */
  public void forgetRequests() {
    journal.forget();
  }

  /**
   * Arranges a fault. Of several that befall one request the first that was arranged acts; all of
   * them count it.
   */
  public void on(S3Calls calls, S3Fault fault) {
    faults.add(calls, fault);
  }

  /** Removes all faults. */
  public void heal() {
    faults.clear();
  }

  /** From now on everything that was written so far is listed. */
  public void settle() {
    lag.settle();
  }

  /** Stops listening, and closes all connections. What was stored is gone. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** What is different from AWS. Not thread-safe. */
  public static final class Builder {

    private String region = "us-east-1";
    private InstantSource clock = InstantSource.system();
    private InstantSource signingClock = InstantSource.system();
    private final Set<Oddity> oddities = EnumSet.noneOf(Oddity.class);
    private long lag;
    private int threads = 16;

    private Builder() {}

    /** The region of the server and of its buckets; us-east-1 unless said otherwise. */
    public Builder region(String name) {
      region = name;
      return this;
    }

    /** The clock by which objects are modified and retained. */
    public Builder clock(InstantSource source) {
      clock = source;
      return this;
    }

    /**
     * The clock that signatures are compared with; they may differ by 15 minutes. It is another one
     * because clients cannot be told what time it is. The header {@code Date} of answers is by the
     * system's clock in any case.
     */
    public Builder signingClock(InstantSource source) {
      signingClock = source;
      return this;
    }

    /** Behaves like stores that are odd in these ways. */
    public Builder oddities(Oddity... wanted) {
      oddities.addAll(List.of(wanted));
      return this;
    }

    /**
     * Versions and markers stand in listings only after so many further requests of any kind, or
     * when {@link FakeS3#settle} is called; {@link Long#MAX_VALUE} for then alone. Until then the
     * version before is listed. What is deleted for good is gone at once.
     */
    public Builder listsLate(long requests) {
      if (requests < 0) {
        throw new IllegalArgumentException("A negative number of requests: " + requests);
      }
      lag = requests;
      return this;
    }

    /** How many requests are answered at once; 16 unless said otherwise. */
    public Builder threads(int number) {
      threads = number;
      return this;
    }

    /** Starts the server. */
    public FakeS3 start() {
      try {
        return new FakeS3(this);
      } catch (IOException e) {
        throw new UncheckedIOException("No port of the loopback interface is free", e);
      }
    }
  }
}
