package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbstractOptions;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Waits for what a cluster answers, and not forever. Interruption ends the wait.
 *
 * @param limit for each answer
 */
public record Answers(Duration limit) {

  /** Behind the client's own limit, which says more when it ends a wait. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** Options that end a call at the limit. */
  public <O extends AbstractOptions<O>> O within(O options) {
    return options.timeoutMs(Math.toIntExact(limit.toMillis()));
  }

  /**
   * Waits.
   *
   * @param doing what is being done to what, as the beginning of a sentence
   * @throws BackupException with the client's exception as its cause
   */
  public <T> T of(String doing, Future<T> answer) throws BackupException, InterruptedException {
    try {
      return answer.get(limit.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new BackupException(
          Kind.UNAVAILABLE, doing + " took longer than " + limit.toSeconds() + " s", late);
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw new BackupException(kind(cause), doing + " failed: " + cause.getMessage(), cause);
    }
  }

  /**
   * As {@link #of(String, Future)}, and says what is missing where the cluster refuses.
   *
   * @param needed what the cluster wants to be allowed
   */
  <T> T of(String doing, Future<T> answer, Permission... needed)
      throws BackupException, InterruptedException {
    try {
      return of(doing, answer);
    } catch (BackupException failure) {
      if (failure.getCause() instanceof AuthorizationException refused) {
        String missing =
            Arrays.stream(needed).map(Permission::toString).collect(Collectors.joining(", or "));
        throw new BackupException(
            Kind.DENIED, doing + " is refused: the user lacks " + missing, refused);
      }
      throw failure;
    }
  }

  private static Kind kind(Throwable cause) {
    if (cause instanceof AuthorizationException || cause instanceof AuthenticationException) {
      return Kind.DENIED;
    }
    if (cause instanceof UnsupportedVersionException
        || cause instanceof SecurityDisabledException) {
      return Kind.UNSUPPORTED;
    }
    if (cause instanceof GroupIdNotFoundException
        || cause instanceof UnknownTopicOrPartitionException) {
      return Kind.NOT_FOUND;
    }
    if (cause instanceof UnknownMemberIdException || cause instanceof GroupNotEmptyException) {
      return Kind.CONFLICT;
    }
    return cause instanceof RetriableException ? Kind.UNAVAILABLE : Kind.INVALID;
  }
}
