package dev.copperplate.backup.testkit.s3;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The API: who asks, whether the body is whole, whether it is allowed, and then the operation. */
final class Service {

  private static final int MOST_KEY = 1024;

  private final Store store;
  private final Access access;
  private final Signature signature;
  private final PayloadReader payloads;
  private final Operations operations;

  Service(Store store, Signature signature, KmsKeys keys) {
    this.store = store;
    this.access = new Access(store);
    this.signature = signature;
    this.payloads = new PayloadReader(store);
    ObjectLock lock = new ObjectLock(store, access);
    ObjectHeaders headers = new ObjectHeaders(keys);
    this.operations =
        new Operations(
            List.of(
                new BucketOperations(store).all(),
                new VersioningOperations(store).all(),
                new SettingOperations(store, keys).all(),
                new PolicyOperations(store).all(),
                new ObjectWrites(store, lock, headers).all(),
                new ObjectReads(store, access).all(),
                new Copies(store, access, lock, headers).all(),
                new MultipartUploads(store, lock, headers).all(),
                new UploadCompletion(store).all(),
                new ListUploads(store).all(),
                new Deletions(store, access, lock).all(),
                new ListObjects(store).all(),
                new ListVersions(store).all(),
                new LockConfigurations(store).all(),
                new RetentionOperations(store, access, lock).all()));
  }

  Optional<Operation> operation(Request request) {
    return operations.of(request);
  }

  Response answer(Request request, Optional<Operation> asked) {
    Signed signed = signature.check(request);
    if (signed != null) {
      request.setUser(signed.user());
    }
    Operation operation = asked.orElseThrow(() -> unknown(request));
    request.setPayload(payloads.read(request, signed, operation.hasChecksumsOfBody()));
    operation.refuseUnknown(request);
    checkOwner(request.header("x-amz-expected-bucket-owner"));
    if (operation.needsBucket()) {
      store.bucket(request.bucket());
    }
    checkKey(request.key());
    operation.checkAccess(request, access);
    return operation.handler().handle(request);
  }

  private static void checkKey(String key) {
    int length = key.getBytes(StandardCharsets.UTF_8).length;
    if (length > MOST_KEY) {
      throw new S3Error(400, "KeyTooLongError", "Your key is too long")
          .detail("Size", Integer.toString(length))
          .detail("MaxSizeAllowed", Integer.toString(MOST_KEY));
    }
  }

  private static S3Error unknown(Request request) {
    return S3Error.notImplemented(
        request.method() + " of " + request.path() + " with " + request.query().names());
  }

  private static void checkOwner(@Nullable String expected) {
    if (expected != null && !expected.equals(Store.ACCOUNT)) {
      throw S3Error.accessDenied();
    }
  }
}
