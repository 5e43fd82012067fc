package dev.copperplate.backup.s3;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/** Lets the interruption of a thread end the request that it waits for. */
final class InterruptibleHttpClient implements SdkHttpClient {

  private final SdkHttpClient client;

  InterruptibleHttpClient(SdkHttpClient client) {
    this.client = client;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    ExecutableHttpRequest prepared = client.prepareRequest(request);
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        Interruptions.Watch watch = Interruptions.watch(prepared::abort);
        try {
          return prepared.call();
        } catch (CancellationException e) {
          // The SDK knows what to do with an IOException, and lets this one through.
          throw new IOException("No connection was free in time", e);
        } finally {
          watch.close();
        }
      }

      @Override
      public void abort() {
        prepared.abort();
      }
    };
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
  }
}
