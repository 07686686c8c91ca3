package io.github.tornadovit.spark;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that the job's commands share. */
final class JobArguments {
  @Option(
      names = "--model",
      paramLabel = "DIR|NAME|HUB_ID",
      description =
          "Folder that every executor sees, name of an archive of the job (spark-submit --archives"
              + " vit.tar.gz#vit), URI of a folder (hdfs://…), or a model of the hub as"
              + " organisation/name[@revision]; default: an embedded one (faces, drawn, with and"
              + " without masks).")
  private @Nullable String model;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      arity = "1..*",
      description =
          "Folders, files or globs of images, searched at any depth; of folders, files that are"
              + " images by the ending of their name.")
  private List<String> inputs = List.of();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Folder of Parquet files; what it has already is not done again.")
  private String output = "";

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      description = "f32, bf16 or int8; default: ${DEFAULT-VALUE}.")
  private String precision = "f32";

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images per forward pass; default: ${DEFAULT-VALUE}.")
  private int batch = 8;

  @Option(
      names = "--image-size",
      paramLabel = "N",
      description = "Side that images are brought to; default: the checkpoint's.")
  private int imageSize;

  @Option(
      names = "--device",
      paramLabel = "N|NAME",
      description = "Device of TornadoVM; default: the GPU that Spark gives a task, if it does.")
  private String device = "";

  @Option(
      names = "--round",
      paramLabel = "N",
      description =
          "Images after which the answers are committed: what a job that is broken off loses at most;"
              + " default: 2000 per core.")
  private @Nullable Long round;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  JobArguments() {}

  /**
   * Runs the job with a transformer that these options complete.
   *
   * @param made may refuse its own options
   */
  int run(Supplier<VisionTransformer<?>> made, String what) {
    String named = model == null ? "demo:vit" : model;
    VisionTransformer<?> transformer;
    try {
      transformer = made.get();
      transformer
          .setInputCol(JobOutput.PATH)
          .setPrecision(precision)
          .setBatchSize(batch)
          .setImageSize(imageSize)
          .setDevice(device);
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(command.commandLine(), outOfRange.getMessage(), outOfRange);
    }
    if (round != null && round < 1) {
      throw new ParameterException(
          command.commandLine(), "--round is " + round + ", expected 1 or more");
    }
    SparkSession session = session();
    transformer.setModel(JobModel.send(named, session));
    String settings =
        "%s%nmodel %s%nprecision %s%nimage size %d%n"
            .formatted(what, named, precision.toLowerCase(Locale.ROOT), imageSize);
    PrintWriter notes = command.commandLine().getErr();
    JobInput found = JobInput.of(inputs, session.sparkContext().hadoopConfiguration());
    if (found.others() > 0) {
      notes.printf("tornado-vit: %d files passed over, no images by name%n", found.others());
    }
    JobOutput folder = new JobOutput(session, output, settings);
    JobSummary summary =
        new JobRounds(session, transformer, folder, round == null ? 0 : round).run(found.images());
    notes.println("tornado-vit: " + summary);
    return 0;
  }

  private static SparkSession session() {
    return SparkSession.builder()
        .appName("tornado-vit")
        // Else files that are added to the application do not come with the session's tasks.
        .config("spark.sql.artifact.isolation.enabled", false)
        .getOrCreate();
  }
}
