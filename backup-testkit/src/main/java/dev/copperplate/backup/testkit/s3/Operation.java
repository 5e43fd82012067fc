package dev.copperplate.backup.testkit.s3;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * An operation of the API, and everything that it understands: what a request has beyond that is
 * refused instead of ignored.
 */
final class Operation {

  /** What the path of the request names. */
  enum Scope {
    SERVICE,
    BUCKET,
    OBJECT;

    static Scope of(Request request) {
      return request.bucket().isEmpty() ? SERVICE : request.key().isEmpty() ? BUCKET : OBJECT;
    }
  }

  /** {@code x-amz-te} only says what the client could read; the SDK sends it with each GET. */
  private static final Set<String> COMMON_HEADERS =
      Set.of(
          "x-amz-date",
          "x-amz-content-sha256",
          "x-amz-decoded-content-length",
          "x-amz-trailer",
          "x-amz-sdk-checksum-algorithm",
          "x-amz-expected-bucket-owner",
          "x-amz-request-payer",
          "x-amz-te",
          "x-amz-user-agent");

  private final String name;
  private final String method;
  private final Scope scope;
  private final Handler handler;
  private String action;
  private boolean needsBucket;
  private boolean checksumsOfBody = true;
  private Function<Request, Map<String, String>> facts = request -> Map.of();
  private List<String> selectors = List.of();
  private final Set<String> parameters = new TreeSet<>(Set.of("x-id"));
  private final Set<String> headers = new TreeSet<>();

  private Operation(String name, String method, Scope scope, Handler handler) {
    this.name = name;
    this.method = method;
    this.scope = scope;
    this.handler = handler;
    this.action = "s3:" + name;
    this.needsBucket = scope != Scope.SERVICE;
  }

  static Operation onService(String name, String method, Handler handler) {
    return new Operation(name, method, Scope.SERVICE, handler);
  }

  static Operation onBucket(String name, String method, Handler handler) {
    return new Operation(name, method, Scope.BUCKET, handler);
  }

  static Operation onObject(String name, String method, Handler handler) {
    return new Operation(name, method, Scope.OBJECT, handler);
  }

  /** The action that its user must be allowed, where it is not called like the operation. */
  Operation action(String iamAction) {
    action = iamAction;
    return this;
  }

  /** It asks itself what its user must be allowed, key by key. */
  Operation actionByItself() {
    action = "";
    return this;
  }

  /** What conditions of policies may ask for. */
  Operation facts(Function<Request, Map<String, String>> ofRequest) {
    facts = ofRequest;
    return this;
  }

  /** Checksums in its headers are those of an object, and not of its body. */
  Operation checksumsOfObject() {
    checksumsOfBody = false;
    return this;
  }

  boolean hasChecksumsOfBody() {
    return checksumsOfBody;
  }

  /** It can be asked before there is the bucket, or of one in another region. */
  Operation anywhere() {
    needsBucket = false;
    return this;
  }

  /** Whether the bucket has to be there, in the region of the server. */
  boolean needsBucket() {
    return needsBucket;
  }

  /** What distinguishes it from others with its method: parameters or headers that are there. */
  Operation when(String... present) {
    selectors = List.of(present);
    parameters.addAll(selectors);
    headers.addAll(selectors);
    return this;
  }

  Operation parameters(String... known) {
    parameters.addAll(List.of(known));
    return this;
  }

  /** Headers that it understands; a name that ends with a hyphen stands for all that begin so. */
  Operation headers(String... known) {
    headers.addAll(List.of(known));
    return this;
  }

  String name() {
    return name;
  }

  Handler handler() {
    return handler;
  }

  void checkAccess(Request request, Access access) {
    if (!action.isEmpty()) {
      access.require(
          request, actionOn(request), request.bucket(), request.key(), facts.apply(request));
    }
  }

  /** For a version of an object the action has another name. */
  private String actionOn(Request request) {
    boolean versioned = scope == Scope.OBJECT && request.query().has("versionId");
    return versioned && Set.of("s3:GetObject", "s3:DeleteObject").contains(action)
        ? action + "Version"
        : action;
  }

  int selectors() {
    return selectors.size();
  }

  boolean isAskedBy(Request request) {
    return method.equals(request.method())
        && scope == Scope.of(request)
        && selectors.stream()
            .allMatch(each -> request.query().has(each) || request.hasHeader(each));
  }

  /** Refuses what it would ignore. */
  void refuseUnknown(Request request) {
    for (String parameter : request.query().names()) {
      if (!parameters.contains(parameter)) {
        throw S3Error.notImplemented("the parameter " + parameter + " of " + name);
      }
    }
    for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
      if (matters(header.getKey()) && !understands(header.getKey())) {
        throw S3Error.notImplemented("the header " + header.getKey() + " of " + name);
      }
    }
  }

  private static boolean matters(String header) {
    return header.startsWith("x-amz-") && !COMMON_HEADERS.contains(header)
        || header.startsWith("if-")
        || header.equals("range");
  }

  private boolean understands(String header) {
    return headers.contains(header)
        || ChecksumAlgorithm.ofHeader(header).isPresent()
        || headers.stream().anyMatch(each -> each.endsWith("-") && header.startsWith(each));
  }
}
