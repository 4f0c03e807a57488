export { Icon, type IconName } from '../../shared/Icon.tsx';
