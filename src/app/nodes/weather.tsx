import { drawWeather, type WeatherMark } from '../../presentation/weather-bars.ts';
import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import { KEPT_LOOKS } from './nodes-desk.ts';
import css from './weather.module.css';

const c = classesOf(css);

/** How a node answered each time, oldest first. */
export function Weather({ marks }: { marks: readonly WeatherMark[] }) {
  const { say } = useWords();
  const { bars, faults, width, height } = drawWeather(marks, KEPT_LOOKS);
  const answered = marks.filter(({ ms }) => ms !== undefined).length;
  return (
    <svg
      role="img"
      aria-label={say('network.seenTimes', { answered, asked: marks.length })}
      className={c('weather')}
      width={width}
      height={height}
    >
      <path className={c('bars')} d={bars} />
      <path className={c('faults')} d={faults} />
    </svg>
  );
}
