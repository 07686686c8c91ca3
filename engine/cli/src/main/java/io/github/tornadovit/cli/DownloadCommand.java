package io.github.tornadovit.cli;

import io.github.tornadovit.hub.HubModel;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code download}: models of the hub into the cache, for later, or for a machine without net. */
@Command(
    name = "download",
    mixinStandardHelpOptions = true,
    description = {
      "Download models of the Hugging Face hub into the cache that Python's libraries share, and"
          + " print their folders.",
      "The environment says what it says to huggingface_hub: HF_HOME, HF_HUB_CACHE, HF_TOKEN,"
          + " HF_ENDPOINT, HF_HUB_OFFLINE, HTTPS_PROXY, NO_PROXY. An interrupted download goes on where it ended."
    })
final class DownloadCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "HUB_ID",
      description = "organisation/name, or organisation/name@revision: a branch, tag or commit.")
  private List<String> models = List.of();

  @Option(
      names = "--offline",
      description = "Leave the network alone: check that the models are in the cache.")
  private boolean offline;

  @Spec private CommandSpec spec;

  DownloadCommand() {}

  @Override
  public Integer call() {
    List<HubModel> named = models.stream().map(model -> ModelSource.hubModel(model, spec)).toList();
    PrintWriter out = spec.commandLine().getOut();
    for (HubModel model : named) {
      out.println(HubFetch.fetch(model, offline, spec.commandLine().getErr()));
      out.flush();
    }
    return 0;
  }
}
