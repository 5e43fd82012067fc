package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The objects below a prefix, a page of a thousand at a time. What a target has noted of its store
 * is none of them.
 */
final class S3Listing implements Cursor<ObjectInfo> {

  private final S3Client client;
  private final S3Requests requests;
  private final S3Settings settings;
  private final String doing;
  private final String prefix;

  private Iterator<S3Object> page = List.<S3Object>of().iterator();
  private @Nullable String continuation;
  private boolean last;

  S3Listing(
      S3Client client, S3Requests requests, S3Settings settings, String doing, String prefix) {
    this.client = client;
    this.requests = requests;
    this.settings = settings;
    this.doing = doing;
    this.prefix = settings.location().stored(prefix);
  }

  @Override
  public @Nullable ObjectInfo next() throws IOException {
    while (page.hasNext() || !last) {
      if (!page.hasNext()) {
        turn();
      } else {
        Optional<ObjectInfo> info = info(page.next());
        if (info.isPresent()) {
          return info.get();
        }
      }
    }
    return null;
  }

  /** The first page is asked for by whoever opens the listing, so that a refusal comes then. */
  S3Listing turn() throws IOException {
    ListObjectsV2Request request =
        ListObjectsV2Request.builder()
            .bucket(settings.location().bucket())
            .prefix(prefix)
            .continuationToken(continuation)
            .overrideConfiguration(settings::limit)
            .build();
    ListObjectsV2Response answer = requests.make(doing, () -> client.listObjectsV2(request));
    if (answer.name() == null) {
      throw S3Failures.unusable(doing, "is no listing");
    }
    page = answer.contents().iterator();
    String following = answer.nextContinuationToken();
    last = !Boolean.TRUE.equals(answer.isTruncated());
    if (!last && (following == null || following.equals(continuation))) {
      throw S3Failures.unusable(doing, "goes on without saying where");
    }
    continuation = following;
    return this;
  }

  private Optional<ObjectInfo> info(S3Object object) throws BackupException {
    if (object.key() == null
        || object.size() == null
        || object.size() < 0
        || object.lastModified() == null) {
      throw S3Failures.unusable(doing, "lists what is no object");
    }
    return settings
        .location()
        .key(object.key())
        .filter(key -> !key.value().startsWith(StoreMemory.FOLDER))
        .map(key -> new ObjectInfo(key, object.size(), object.lastModified(), Optional.empty()));
  }
}
