import com.yahoo.labs.samoa.instances.Attribute;
import com.yahoo.labs.samoa.instances.DenseInstance;
import com.yahoo.labs.samoa.instances.Instance;
import com.yahoo.labs.samoa.instances.Instances;
import com.yahoo.labs.samoa.instances.InstancesHeader;
import java.io.BufferedReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import moa.classifiers.AbstractClassifier;
import moa.classifiers.Classifier;
import moa.core.InstanceExample;
import moa.core.Utils;
import moa.options.ClassOption;

/**
 * A MOA classifier, predict then learn, over a stream held in memory and repeated to `rows`, after a warm-up of another
 * learner of its kind over `warmup` rows. Prints the seconds of the measured loop alone, the CPU seconds of its thread
 * (the compiler's and the collector's not among them), and the accuracy.
 *
 * MoaPeer CSV LEARNER ROWS WARMUP; a column `ts` is left out, the last one is the label, 0 or 1.
 */
public final class MoaPeer {
    private static List<InstanceExample> load(String path) throws Exception {
        try (BufferedReader reader = Files.newBufferedReader(Paths.get(path))) {
            String[] names = reader.readLine().split(",");
            List<Integer> columns = new ArrayList<>();
            List<Attribute> attributes = new ArrayList<>();
            for (int i = 0; i < names.length - 1; i++) {
                if (names[i].equals("ts")) continue;
                columns.add(i);
                attributes.add(new Attribute(names[i]));
            }
            attributes.add(new Attribute("label", List.of("0", "1")));
            Instances empty = new Instances("stream", attributes, 0);
            empty.setClassIndex(attributes.size() - 1);
            InstancesHeader header = new InstancesHeader(empty);
            List<InstanceExample> examples = new ArrayList<>();
            for (String line; (line = reader.readLine()) != null; ) {
                String[] cells = line.split(",");
                double[] values = new double[attributes.size()];
                for (int k = 0; k < columns.size(); k++) values[k] = Double.parseDouble(cells[columns.get(k)]);
                values[columns.size()] = cells[cells.length - 1].equals("1") ? 1 : 0;
                Instance instance = new DenseInstance(1, values);
                instance.setDataset(header);
                examples.add(new InstanceExample(instance));
            }
            return examples;
        }
    }

    /** The correct predictions among `rows`. */
    private static long run(String learner, List<InstanceExample> examples, long rows) throws Exception {
        AbstractClassifier classifier =
            (AbstractClassifier) ClassOption.cliStringToObject(learner, Classifier.class, null);
        classifier.setModelContext((InstancesHeader) examples.get(0).getData().dataset());
        classifier.prepareForUse();
        long correct = 0;
        for (long done = 0; done < rows; ) {
            for (InstanceExample example : examples) {
                if (done++ == rows) break;
                double[] votes = classifier.getVotesForInstance(example);
                if (Utils.maxIndex(votes) == (int) example.getData().classValue()) correct++;
                classifier.trainOnInstance(example);
            }
        }
        return correct;
    }

    public static void main(String[] arguments) throws Exception {
        List<InstanceExample> examples = load(arguments[0]);
        long rows = Long.parseLong(arguments[2]);
        run(arguments[1], examples, Long.parseLong(arguments[3]));
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = System.nanoTime();
        long cpuStart = threads.getCurrentThreadCpuTime();
        long correct = run(arguments[1], examples, rows);
        double cpu = (threads.getCurrentThreadCpuTime() - cpuStart) / 1e9;
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
            "{\"seconds\": %f, \"cpu\": %f, \"accuracy\": %f}%n", seconds, cpu, (double) correct / rows);
    }
}
